package i420

import (
	"math"
	"testing"
)

// Every level, at every place of a word, is rounded to the nearest.
func TestStudioRange(t *testing.T) {
	for v := range 256 {
		for n := range 19 {
			p := New(64, 2)
			p.Y, p.Cb, p.Cr = make([]byte, n), make([]byte, n), make([]byte, n)
			for i := range n {
				p.Y[i], p.Cb[i], p.Cr[i] = byte(v), byte(v), byte(255-v)
			}
			ToStudioRange(p)
			luma := byte(16 + math.Round(float64(v)*219/255))
			chroma := func(v int) byte { return byte(128 + math.Round(float64(v-128)*224/255)) }
			for i := range n {
				if p.Y[i] != luma || p.Cb[i] != chroma(v) || p.Cr[i] != chroma(255-v) {
					t.Fatalf("%d at %d of %d: %d, %d, %d; want %d, %d, %d", v, i, n, p.Y[i], p.Cb[i], p.Cr[i], luma, chroma(v), chroma(255-v))
				}
			}
		}
	}
}

func BenchmarkStudioRange720p(b *testing.B) {
	p := New(1280, 720)
	for b.Loop() {
		ToStudioRange(p)
	}
}
