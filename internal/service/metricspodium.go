package service

import (
	"podium/appliance"
	"podium/stage"
)

// podiumMetrics are a podium's status, in numbers.
func podiumMetrics(status func() appliance.Status) func(*scrape) {
	var (
		connected   = metric{"podium_connected", "1 while the stage is heard.", "", false}
		is          = metric{"podium_stage_status", "1 of the status that the podium has.", "status", false}
		onAir       = metric{"podium_on_air", "1 while packets leave.", "", false}
		gate        = metric{"podium_gate_open", "1 while packets may leave.", "", false}
		position    = metric{"podium_queue_position", "The position in the queue, 1 is next; 0 when not waiting.", "", false}
		faults      = metric{"podium_faults", "Faults of a part.", "part", false}
		packets     = metric{"podium_publication_rtp_packets", "RTP packets of the running publication.", "", false}
		bytes       = metric{"podium_publication_rtp_bytes", "Bytes of the running publication.", "", false}
		bitRate     = metric{"podium_picture_bit_rate_bits_per_second", "Bit rate asked of the encoder; 0 when nothing is published.", "", false}
		frameRate   = metric{"podium_picture_frames_per_second", "Frame rate of the picture that is published.", "", false}
		height      = metric{"podium_picture_height_pixels", "Height of the picture that is published.", "", false}
		peak        = metric{"podium_sound_peak_dbfs", "Peak of the sound that goes out over the last 300 ms, dB below full scale.", "", false}
		temperature = metric{"podium_processor_temperature_celsius", "Temperature of the processor, where the machine says it.", "", false}
		throttled   = metric{"podium_machine_throttled", "1 while this slows the machine down.", "by", false}
	)
	parts := []string{appliance.PartCamera, appliance.PartMicrophone, appliance.PartPanel, appliance.PartLamps, appliance.PartMedia, appliance.PartServer}
	return func(to *scrape) {
		s := status()
		to.tell(connected, truth(s.Connected))
		for _, one := range []stage.Status{stage.OffStage, stage.Requested, stage.Accepted, stage.OnStage} {
			to.tell(is, truth(s.Status == one), string(one))
		}
		to.tell(onAir, truth(s.OnAir))
		to.tell(gate, truth(s.Gate.Open))
		to.tell(position, float64(s.Position))
		count := map[string]int{}
		for _, part := range parts { // there before the first fault, for alerts that look at changes
			count[part] = 0
		}
		for _, f := range s.Faults {
			count[f.Part]++
		}
		for part, n := range count {
			to.tell(faults, float64(n), part)
		}
		to.tell(packets, float64(s.Media.Packets))
		to.tell(bytes, float64(s.Media.Bytes))
		to.tell(bitRate, float64(s.Media.BitRate))
		to.tell(frameRate, s.Media.FrameRate)
		to.tell(height, float64(s.Media.Height))
		if s.Media.Level != nil {
			to.tell(peak, s.Media.Level.Peak)
		}
		if m := s.Machine; m != nil {
			if m.TemperatureC != nil {
				to.tell(temperature, *m.TemperatureC)
			}
			for _, by := range m.Throttled {
				to.tell(throttled, 1, by)
			}
		}
	}
}
