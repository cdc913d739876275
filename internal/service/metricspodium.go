package service

import (
	"github.com/prometheus/client_golang/prometheus"

	"podium/appliance"
	"podium/stage"
)

// podiumMetrics are a podium's status, in numbers.
func podiumMetrics(status func() appliance.Status) scrape {
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc("podium_"+name, help, labels, nil)
	}
	var (
		connected   = desc("connected", "1 while the stage is heard.")
		is          = desc("stage_status", "1 of the status that the podium has.", "status")
		onAir       = desc("on_air", "1 while packets leave.")
		gate        = desc("gate_open", "1 while packets may leave.")
		position    = desc("queue_position", "The position in the queue, 1 is next; 0 when not waiting.")
		faults      = desc("faults", "Faults of a part.", "part")
		packets     = desc("publication_rtp_packets", "RTP packets of the running publication.")
		bytes       = desc("publication_rtp_bytes", "Bytes of the running publication.")
		bitRate     = desc("picture_bit_rate_bits_per_second", "Bit rate asked of the encoder; 0 when nothing is published.")
		frameRate   = desc("picture_frames_per_second", "Frame rate of the picture that is published.")
		height      = desc("picture_height_pixels", "Height of the picture that is published.")
		peak        = desc("sound_peak_dbfs", "Peak of the sound that goes out over the last 300 ms, dB below full scale.")
		temperature = desc("processor_temperature_celsius", "Temperature of the processor, where the machine says it.")
		throttled   = desc("machine_throttled", "1 while this slows the machine down.", "by")
	)
	parts := []string{appliance.PartCamera, appliance.PartMicrophone, appliance.PartPanel, appliance.PartLamps, appliance.PartMedia, appliance.PartServer}
	all := []*prometheus.Desc{connected, is, onAir, gate, position, faults, packets, bytes, bitRate, frameRate, height, peak, temperature, throttled}
	return scrape{about: all, look: func(tell func(*prometheus.Desc, prometheus.ValueType, float64, ...string)) {
		s := status()
		gauge := func(d *prometheus.Desc, value float64, labels ...string) {
			tell(d, prometheus.GaugeValue, value, labels...)
		}
		gauge(connected, truth(s.Connected))
		for _, one := range []stage.Status{stage.OffStage, stage.Requested, stage.Accepted, stage.OnStage} {
			gauge(is, truth(s.Status == one), string(one))
		}
		gauge(onAir, truth(s.OnAir))
		gauge(gate, truth(s.Gate.Open))
		gauge(position, float64(s.Position))
		count := map[string]int{}
		for _, part := range parts { // there before the first fault, for alerts that look at changes
			count[part] = 0
		}
		for _, f := range s.Faults {
			count[f.Part]++
		}
		for part, n := range count {
			gauge(faults, float64(n), part)
		}
		gauge(packets, float64(s.Media.Packets))
		gauge(bytes, float64(s.Media.Bytes))
		gauge(bitRate, float64(s.Media.BitRate))
		gauge(frameRate, s.Media.FrameRate)
		gauge(height, float64(s.Media.Height))
		if s.Media.Level != nil {
			gauge(peak, s.Media.Level.Peak)
		}
		if m := s.Machine; m != nil {
			if m.TemperatureC != nil {
				gauge(temperature, *m.TemperatureC)
			}
			for _, by := range m.Throttled {
				gauge(throttled, 1, by)
			}
		}
	}}
}
