//go:build hil

package hil

import (
	"encoding/binary"
	"math"
	"path/filepath"
	"testing"
)

const (
	sampleRate = 48000
	toneHz     = 440
)

// tone is one second of a sine, mono S16_LE: a whole number of periods, so that
// it can be played in a loop without a click.
func tone() []byte {
	var raw []byte
	for n := range sampleRate {
		s := 0.5 * math.Sin(2*math.Pi*toneHz*float64(n)/sampleRate)
		raw = binary.LittleEndian.AppendUint16(raw, uint16(int16(s*math.MaxInt16)))
	}
	return raw
}

// goertzel returns the amplitude of one frequency, 1 being full scale.
func goertzel(samples []float64, hz float64) float64 {
	w := 2 * math.Pi * hz / sampleRate
	c := 2 * math.Cos(w)
	var s1, s2 float64
	for _, x := range samples {
		s1, s2 = x+c*s1-s2, s1
	}
	power := s1*s1 + s2*s2 - c*s1*s2
	return 2 * math.Sqrt(max(power, 0)) / float64(len(samples))
}

// checkSound decodes what a viewer kept and finds the tone in it, and nothing
// as strong anywhere else.
func checkSound(t *testing.T, file string) {
	raw := shell(t, filepath.Dir(file), nil, "ffmpeg", "-v", "error", "-i", file, "-f", "s16le", "-ac", "1", "-ar", "48000", "-")
	samples := make([]float64, len(raw)/2)
	for i := range samples {
		samples[i] = float64(int16(binary.LittleEndian.Uint16(raw[2*i:]))) / (math.MaxInt16 + 1)
	}
	if len(samples) < sampleRate {
		t.Fatalf("only %d samples of sound, want a second at least", len(samples))
	}
	window, best, bestHz := loudest(samples), 0.0, 0.0
	for hz := 60.0; hz < 4000; hz += 10 {
		if a := goertzel(window, hz); a > best {
			best, bestHz = a, hz
		}
	}
	t.Logf("sound: %.1f s decoded, strongest at %.0f Hz with amplitude %.3f", float64(len(samples))/sampleRate, bestHz, best)
	if bestHz != toneHz || best < 0.1 {
		t.Errorf("strongest frequency %.0f Hz with amplitude %.3f, want %d Hz above 0.1", bestHz, best, toneHz)
	}
	if other := goertzel(window, 1000); other > best/10 {
		t.Errorf("1000 Hz has amplitude %.3f: not a clean tone", other)
	}
}

// loudest returns the tenth of a second with the most energy: an emulated
// machine may lose some of the sound, and that is not what is tested.
func loudest(samples []float64) []float64 {
	const length = sampleRate / 10
	best, bestEnergy := samples[:length], -1.0
	for from := 0; from+length <= len(samples); from += length {
		var energy float64
		for _, s := range samples[from : from+length] {
			energy += s * s
		}
		if energy > bestEnergy {
			best, bestEnergy = samples[from:from+length], energy
		}
	}
	return best
}
