package sound

import "math"

// biquad is a second-order filter, transposed direct form II.
type biquad struct {
	b0, b1, b2, a1, a2 float64
	z1, z2             float64
}

// highPass is a Butterworth high-pass (Q = 1/sqrt 2) of 12 dB per octave, after R.
// Bristow-Johnson's Audio EQ Cookbook (https://www.w3.org/TR/audio-eq-cookbook/).
func highPass(corner, rate float64) biquad {
	w := 2 * math.Pi * corner / rate
	alpha := math.Sin(w) / math.Sqrt2
	a0 := 1 + alpha
	return biquad{
		b0: (1 + math.Cos(w)) / 2 / a0, b1: -(1 + math.Cos(w)) / a0, b2: (1 + math.Cos(w)) / 2 / a0,
		a1: -2 * math.Cos(w) / a0, a2: (1 - alpha) / a0,
	}
}

func (f *biquad) step(x float64) float64 {
	y := f.b0*x + f.z1
	f.z1 = f.b1*x - f.a1*y + f.z2
	f.z2 = f.b2*x - f.a2*y
	return y
}
