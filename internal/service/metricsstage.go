package service

import (
	"podium/stage/room"
	"podium/stage/server"
)

// stageMetrics are what the stage holds, in numbers: no name of anybody is among them.
func stageMetrics(counts func() server.Counts, carried func() room.Counts) func(*scrape) {
	var (
		meetings     = metric{"podium_stage_meetings", "Meetings with somebody in them.", "", false}
		connections  = metric{"podium_stage_connections", "WebSockets of participants.", "", false}
		participants = metric{"podium_stage_participants", "Participants, by their stage status.", "status", false}
		onAir        = metric{"podium_stage_on_air", "Participants whose media arrives.", "", false}
		hanging      = metric{"podium_stage_meetings_hanging", "Meetings whose rules cannot be reached; what they hold is in no other number.", "", false}
		storeFailing = metric{"podium_stage_store_failing", "1 while what happens cannot be stored.", "", false}
		publications = metric{"podium_stage_publications", "Speakers' media connections.", "", false}
		viewers      = metric{"podium_stage_viewers", "Subscriptions to speakers.", "", false}
		packets      = metric{"podium_stage_rtp_packets_total", "RTP packets, from speakers (in) and to viewers (out).", "direction", true}
		bytes        = metric{"podium_stage_rtp_payload_bytes_total", "Bytes of their payloads.", "direction", true}
	)
	return func(to *scrape) {
		c, r := counts(), carried()
		to.tell(meetings, float64(c.Meetings))
		to.tell(connections, float64(c.Connections))
		for status, n := range c.By {
			to.tell(participants, float64(n), string(status))
		}
		to.tell(onAir, float64(c.OnAir))
		to.tell(hanging, float64(c.Hanging))
		to.tell(storeFailing, truth(c.StoreFails))
		to.tell(publications, float64(r.Publications))
		to.tell(viewers, float64(r.Viewers))
		to.tell(packets, float64(r.In.Packets), "in")
		to.tell(packets, float64(r.Out.Packets), "out")
		to.tell(bytes, float64(r.In.Bytes), "in")
		to.tell(bytes, float64(r.Out.Bytes), "out")
	}
}
