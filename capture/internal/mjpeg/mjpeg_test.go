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
		} else if !bytes.Equal(got.Y, want.Y) || !bytes.Equal(got.Cb, want.Cb) || !bytes.Equal(got.Cr, want.Cr) {
			t.Errorf("%s: another picture", name)
		}
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
