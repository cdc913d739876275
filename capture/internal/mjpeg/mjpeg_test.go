package mjpeg

import (
	"bytes"
	"image"
	"image/jpeg"
	"slices"
	"testing"

	"podium/capture/internal/i420"
)

// encoded is a small picture with a gradient.
func encoded(t testing.TB, w, h int) []byte {
	t.Helper()
	src := i420.New(w, h)
	for i := range src.Y {
		src.Y[i] = byte(i % w * 255 / w)
	}
	for i := range src.Cb {
		src.Cb[i], src.Cr[i] = byte(64+i%(w/2)), 180
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, src, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func withoutTables(t testing.TB, b []byte) []byte {
	t.Helper()
	from, to := segment(b, dht)
	if from == 0 {
		t.Fatal("no tables to take out")
	}
	return slices.Delete(slices.Clone(b), from, to)
}

func TestDecode(t *testing.T) {
	whole := encoded(t, 64, 48)
	reference, err := jpeg.Decode(bytes.NewReader(whole))
	if err != nil {
		t.Fatal(err)
	}
	want := i420.New(64, 48)
	if err := i420.FromYCbCr(want, reference.(*image.YCbCr)); err != nil {
		t.Fatal(err)
	}
	for name, frame := range map[string][]byte{
		"whole":             whole,
		"without tables":    withoutTables(t, whole),
		"with stuff behind": append(slices.Clone(whole), make([]byte, 100)...),
	} {
		got := i420.New(64, 48)
		if err := Decode(got, frame); err != nil {
			t.Errorf("%s: %v", name, err)
		} else if off := furthest(got, want); off > 2 { // two decoders round differently
			t.Errorf("%s: another picture, up to %d levels off", name, off)
		}
		slow := i420.New(64, 48)
		if err := decodeSlowly(slow, frame); err != nil || furthest(slow, want) != 0 {
			t.Errorf("%s, slowly: %v, %d levels off", name, err, furthest(slow, want))
		}
	}
}

// furthest is by how many levels two pictures differ at most.
func furthest(a, b *image.YCbCr) (off int) {
	for _, p := range [][2][]byte{{a.Y, b.Y}, {a.Cb, b.Cb}, {a.Cr, b.Cr}} {
		for i := range p[0] {
			d := int(p[0][i]) - int(p[1][i])
			off = max(off, d, -d)
		}
	}
	return off
}

// A camera's 4:2:2, made by TurboJPEG; and sizes that are no whole number of blocks.
func TestDecodeOtherSizes(t *testing.T) {
	for _, size := range [][2]int{{16, 16}, {18, 34}, {130, 66}, {1280, 720}} {
		got, want := i420.New(size[0], size[1]), i420.New(size[0], size[1])
		frame := encoded(t, size[0], size[1])
		if err := Decode(got, frame); err != nil {
			t.Fatal(err)
		}
		if err := decodeSlowly(want, frame); err != nil {
			t.Fatal(err)
		}
		if off := furthest(got, want); off > 3 {
			t.Errorf("%v: %d levels off", size, off)
		}
	}
}

func BenchmarkDecode720p(b *testing.B) {
	frame, picture := encoded(b, 1280, 720), i420.New(1280, 720)
	for name, decode := range map[string]func(*image.YCbCr, []byte) error{"turbo": Decode, "slow": decodeSlowly} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := decode(picture, frame); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func TestDecodeGray(t *testing.T) {
	var out bytes.Buffer
	if err := jpeg.Encode(&out, image.NewGray(image.Rect(0, 0, 64, 48)), nil); err != nil {
		t.Fatal(err)
	}
	if err := Decode(i420.New(64, 48), out.Bytes()); err != nil {
		t.Error(err)
	}
}

func TestBadFramesAreErrors(t *testing.T) {
	whole := encoded(t, 64, 48)
	huge := slices.Clone(whole)
	frameHeader, _ := segment(huge, 0xc0)
	copy(huge[frameHeader+5:], []byte{0xff, 0xff, 0xff, 0xff})
	for name, frame := range map[string][]byte{
		"nothing":    nil,
		"half":       whole[:len(whole)/2],
		"other size": encoded(t, 32, 48),
		"huge":       huge,
		"noise":      bytes.Repeat([]byte{0xff, 0xd8, 0xff}, 40),
	} {
		if err := Decode(i420.New(64, 48), frame); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
