package capture

import (
	"slices"
	"testing"
	"time"
)

// BenchmarkCaptureToRTP runs picture (720p30, 2.5 Mbit/s) and sound of the test device
// as fast as time does, and tells how old a sample is when it is handed over to be put
// into RTP packets. The difference of the two is what a viewer would see and hear if it went
// by when things arrive (ITU-R BT.1359-1 calls -45 to +125 ms not noticed, sound late is
// positive there); test/lipsync has what it sees by the reports.
func BenchmarkCaptureToRTP(b *testing.B) {
	v, err := OpenVideo(VideoConfig{Device: TestDevice, Log: quiet})
	if err != nil {
		b.Fatal(err)
	}
	defer v.Close()
	a, err := OpenAudio(AudioConfig{Device: TestDevice, Log: quiet})
	if err != nil {
		b.Fatal(err)
	}
	defer a.Close()
	delays := make(chan [2][]float64, 1)
	go func() {
		var both [2][]float64
		for end := time.Now().Add(10 * time.Second); time.Now().Before(end); {
			s, err := a.ReadSample()
			if err != nil {
				break
			}
			both[1] = append(both[1], time.Since(s.Timestamp).Seconds()*1000)
		}
		delays <- both
	}()
	var picture []float64
	b.ResetTimer()
	for b.Loop() {
		s, err := v.ReadSample()
		if err != nil {
			b.Fatal(err)
		}
		picture = append(picture, time.Since(s.Timestamp).Seconds()*1000)
	}
	sound := (<-delays)[1]
	for name, list := range map[string][]float64{"picture": picture, "sound": sound} {
		slices.Sort(list)
		b.ReportMetric(list[len(list)/2], name+"-p50-ms")
		b.ReportMetric(list[len(list)*99/100], name+"-p99-ms")
	}
}
