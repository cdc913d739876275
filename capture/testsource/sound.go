package testsource

import "math"

// The sound is a soft A (440 Hz) with its octave stroked once a second: easy to
// recognise, not tiring, and well above every noise gate.
const (
	toneHz     = 440
	toneLevel  = 0.06 // of full scale, about -24 dBFS
	pulseLevel = 0.16
	pulseDecay = 0.18 // seconds to fall to 1/e
	attack     = 0.008
)

// sound computes samples from their number alone, so that a gap leaves the tone
// where it would have been. All parts have whole periods in a second.
type sound struct {
	offset int64 // samples of the wall clock's second that were over at the start
}

func (s sound) fill(dst []int16, position int64) {
	for i := range dst {
		n := (position + s.offset + int64(i)) % sampleRate
		t := float64(n) / sampleRate
		phase := 2 * math.Pi * toneHz * t
		envelope := math.Exp(-t/pulseDecay) * min(t/attack, 1)
		// The tone breathes with the pulse instead of standing beside it.
		v := toneLevel*math.Sin(phase) + pulseLevel*envelope*(0.8*math.Sin(phase)+0.2*math.Sin(2*phase))
		dst[i] = int16(math.Round(v * math.MaxInt16))
	}
}
