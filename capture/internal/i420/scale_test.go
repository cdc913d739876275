package i420

import (
	"testing"

	"pgregory.net/rapid"
)

// A slope stays a slope, of the same brightness at the same place.
func TestScaleKeepsASlope(t *testing.T) {
	for _, size := range [][2]int{{960, 540}, {640, 360}, {426, 240}, {1280, 720}} {
		src, dst := New(1280, 720), New(size[0], size[1])
		for i := range src.Y {
			src.Y[i] = byte(i % 1280 / 8)
		}
		for i := range src.Cb {
			src.Cb[i], src.Cr[i] = byte(i/640/3), byte(200-i/640/3)
		}
		var s Scaler
		for range 2 { // the second with the first one's tables
			s.Scale(dst, src)
		}
		for y := range size[1] {
			for x := range size[0] {
				want := (float64(x)+0.5)*1280/float64(size[0])/8 - 0.5
				if got := float64(dst.Y[y*dst.YStride+x]); got < want-1 || got > want+1 {
					t.Fatalf("%v: %v at %d,%d, want %v", size, got, x, y, want)
				}
			}
		}
		for y := range size[1] / 2 {
			want := (float64(y)+0.5)*360/float64(size[1]/2)/3 - 0.5
			cb, cr := float64(dst.Cb[y*dst.CStride]), float64(dst.Cr[y*dst.CStride])
			if cb < want-1 || cb > want+1 || cr < 199-want || cr > 201-want {
				t.Fatalf("%v: chroma %v, %v in row %d, want %v", size, cb, cr, y, want)
			}
		}
	}
}

// Whatever the sizes, nothing outside is read, and nothing is brighter or darker than
// what there was.
func TestScaleStaysInside(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, h := 2*rapid.IntRange(1, 60).Draw(t, "width"), 2*rapid.IntRange(1, 60).Draw(t, "height")
		src := New(w, h)
		dst := New(2*rapid.IntRange(max(1, w/6), w/2).Draw(t, "to width"), 2*rapid.IntRange(max(1, h/6), h/2).Draw(t, "to height"))
		low, high := byte(255), byte(0)
		for i := range src.Y {
			src.Y[i] = rapid.Byte().Draw(t, "luma")
			low, high = min(low, src.Y[i]), max(high, src.Y[i])
			if i > 40 {
				break
			}
		}
		if len(src.Y) > 42 {
			low = 0
		}
		var s Scaler
		s.Scale(dst, src)
		for _, v := range dst.Y {
			if v < low || v > high {
				t.Fatalf("%d, outside of %d to %d", v, low, high)
			}
		}
	})
}

func BenchmarkScale720pTo540p(b *testing.B) {
	src, dst := New(1280, 720), New(960, 540)
	var s Scaler
	for b.Loop() {
		s.Scale(dst, src)
	}
}
