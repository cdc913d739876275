package service

import (
	"github.com/prometheus/client_golang/prometheus"

	"podium/stage/room"
	"podium/stage/server"
)

// stageMetrics are what the stage holds, in numbers: no name of anybody is among them.
func stageMetrics(counts func() server.Counts, carried func() room.Counts) scrape {
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc("podium_stage_"+name, help, labels, nil)
	}
	var (
		meetings     = desc("meetings", "Meetings with somebody in them.")
		connections  = desc("connections", "WebSockets of participants.")
		participants = desc("participants", "Participants, by their stage status.", "status")
		onAir        = desc("on_air", "Participants whose media arrives.")
		hanging      = desc("meetings_hanging", "Meetings whose rules cannot be reached; what they hold is in no other number.")
		storeFailing = desc("store_failing", "1 while what happens cannot be stored.")
		publications = desc("publications", "Speakers' media connections.")
		viewers      = desc("viewers", "Subscriptions to speakers.")
		packets      = desc("rtp_packets_total", "RTP packets, from speakers (in) and to viewers (out).", "direction")
		bytes        = desc("rtp_payload_bytes_total", "Bytes of their payloads.", "direction")
	)
	all := []*prometheus.Desc{meetings, connections, participants, onAir, hanging, storeFailing, publications, viewers, packets, bytes}
	return scrape{about: all, look: func(tell func(*prometheus.Desc, prometheus.ValueType, float64, ...string)) {
		c, r := counts(), carried()
		gauge := func(d *prometheus.Desc, value float64, labels ...string) {
			tell(d, prometheus.GaugeValue, value, labels...)
		}
		gauge(meetings, float64(c.Meetings))
		gauge(connections, float64(c.Connections))
		for status, n := range c.By {
			gauge(participants, float64(n), string(status))
		}
		gauge(onAir, float64(c.OnAir))
		gauge(hanging, float64(c.Hanging))
		gauge(storeFailing, truth(c.StoreFails))
		gauge(publications, float64(r.Publications))
		gauge(viewers, float64(r.Viewers))
		for direction, t := range map[string]room.Traffic{"in": r.In, "out": r.Out} {
			tell(packets, prometheus.CounterValue, float64(t.Packets), direction)
			tell(bytes, prometheus.CounterValue, float64(t.Bytes), direction)
		}
	}}
}
