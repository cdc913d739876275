package i420

import (
	"bytes"
	"image"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// reference converts any packed or planar frame pixel by pixel, by the formats'
// definition in the kernel's pixfmt documents.
func reference(format string, src []byte, stride, w, h int) *image.YCbCr {
	luma := func(x, y int) byte {
		if format == "YUYV" {
			return src[y*stride+2*x]
		}
		return src[y*stride+x]
	}
	chroma := func(c, x, y int) int { // c is 0 for Cb and 1 for Cr; x, y count pixels
		switch format {
		case "YUYV":
			return int(src[y*stride+x/2*4+1+2*c])
		case "NV12":
			return int(src[h*stride+y/2*stride+x/2*2+c])
		default:
			return int(src[h*stride+c*(h/2)*(stride/2)+y/2*(stride/2)+x/2])
		}
	}
	out := New(w, h)
	for y := range h {
		for x := range w {
			out.Y[out.YOffset(x, y)] = luma(x, y)
			out.Cb[out.COffset(x, y)] = byte((chroma(0, x, y&^1) + chroma(0, x, y|1)) / 2)
			out.Cr[out.COffset(x, y)] = byte((chroma(1, x, y&^1) + chroma(1, x, y|1)) / 2)
		}
	}
	return out
}

var conversions = []struct {
	format       string
	convert      func(*image.YCbCr, []byte, int) error
	bytesPerRow  func(w int) int
	rowsPerFrame func(h int) int
}{
	{"YUYV", FromYUYV, func(w int) int { return 2 * w }, func(h int) int { return h }},
	{"NV12", FromNV12, func(w int) int { return w }, func(h int) int { return h * 3 / 2 }},
	{"YU12", FromI420, func(w int) int { return w }, func(h int) int { return h * 3 / 2 }},
}

func TestConvert(t *testing.T) {
	for _, c := range conversions {
		t.Run(c.format, rapid.MakeCheck(func(t *rapid.T) {
			w := 2 * rapid.IntRange(1, 40).Draw(t, "half width")
			h := 2 * rapid.IntRange(1, 20).Draw(t, "half height")
			stride := c.bytesPerRow(w) + 2*rapid.IntRange(0, 9).Draw(t, "half padding")
			src := noise(stride*c.rowsPerFrame(h), rapid.Uint64().Draw(t, "seed"))
			got := New(w, h)
			if err := c.convert(got, src, stride); err != nil {
				t.Fatal(err)
			}
			same(t, got, reference(c.format, src, stride, w, h))
		}))
	}
}

func TestConvertRefusesShortFrames(t *testing.T) {
	for _, c := range conversions {
		w, h := 64, 48
		stride := c.bytesPerRow(w)
		whole := make([]byte, stride*c.rowsPerFrame(h))
		if err := c.convert(New(w, h), whole, stride); err != nil {
			t.Errorf("%s: whole frame: %v", c.format, err)
		}
		if err := c.convert(New(w, h), whole[:len(whole)-1], stride); err == nil {
			t.Errorf("%s: no error for a frame that lacks one byte", c.format)
		}
		if err := c.convert(New(w, h), whole, stride-2); err == nil {
			t.Errorf("%s: no error for rows that are too short", c.format)
		}
	}
}

func noise(n int, seed uint64) []byte {
	b := make([]byte, n)
	r := rand.NewChaCha8([32]byte{byte(seed), byte(seed >> 8), byte(seed >> 16)})
	_, _ = r.Read(b)
	return b
}

func same(t interface{ Fatalf(string, ...any) }, got, want *image.YCbCr) {
	for name, planes := range map[string][2][]byte{"Y": {got.Y, want.Y}, "Cb": {got.Cb, want.Cb}, "Cr": {got.Cr, want.Cr}} {
		if !bytes.Equal(planes[0], planes[1]) {
			t.Fatalf("plane %s differs:\n got %v\nwant %v", name, planes[0], planes[1])
		}
	}
}

func BenchmarkConvert720p(b *testing.B) {
	for _, c := range conversions {
		b.Run(c.format, func(b *testing.B) {
			w, h := 1280, 720
			dst, src := New(w, h), noise(c.bytesPerRow(w)*c.rowsPerFrame(h), 1)
			b.ReportAllocs()
			for b.Loop() {
				if err := c.convert(dst, src, c.bytesPerRow(w)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
