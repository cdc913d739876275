package ring

import (
	"bytes"
	"encoding/hex"
	"errors"
	"strings"
	"testing"
)

// wire records what is written.
type wire struct {
	frames [][]byte
	closed bool
	err    error
}

func (w *wire) Write(b []byte) (int, error) {
	w.frames = append(w.frames, bytes.Clone(b))
	return len(b), w.err
}

func (w *wire) Close() error { w.closed = true; return nil }

func TestFrames(t *testing.T) {
	w := &wire{}
	r, err := newRing(w, Config{Device: "test", LEDs: 2, Brightness: 8})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		lit  Lit
		want []byte // of one lamp
	}{
		{Lit{}, []byte{0xe8, 0, 0, 0}}, {Lit{Red: true}, []byte{0xe8, 0, 0, 255}}, {Lit{Green: true}, []byte{0xe8, 0, 255, 0}},
		{Lit{Yellow: true}, []byte{0xe8, 0, 110, 255}}, {Lit{Red: true, Green: true, Yellow: true}, []byte{0xe8, 0, 0, 255}},
		{Lit{Green: true, Yellow: true}, []byte{0xe8, 0, 255, 0}},
	} {
		w.frames = nil
		if err := r.Show(c.lit); err != nil {
			t.Fatal(err)
		}
		want := bytes.Join([][]byte{{0, 0, 0, 0}, c.want, c.want, {0, 0, 0, 0, 0}}, nil)
		if len(w.frames) != 1 || !bytes.Equal(w.frames[0], want) {
			t.Errorf("%+v is %x, want %x", c.lit, w.frames, want)
		}
	}
	if err := r.Close(); err != nil || !w.closed || !bytes.Equal(w.frames[len(w.frames)-1][4:8], []byte{0xe8, 0, 0, 0}) {
		t.Errorf("closed with %v, and %x", err, w.frames[len(w.frames)-1])
	}
}

// TestCount: green may take a part of the ring, and no other colour does.
func TestCount(t *testing.T) {
	w := &wire{}
	r, err := newRing(w, Config{Device: "test", LEDs: 3, Brightness: 1})
	if err != nil {
		t.Fatal(err)
	}
	dark, green, red, yellow := "e1000000", "e100ff00", "e10000ff", "e1006eff"
	for _, c := range []struct {
		lit  Lit
		want string
	}{
		{Lit{Green: true, Count: 1}, green + dark + dark},
		{Lit{Green: true, Count: 2}, green + green + dark},
		{Lit{Green: true, Count: 3}, green + green + green},
		{Lit{Green: true, Count: 200}, green + green + green},
		{Lit{Green: true, Count: -1}, green + green + green},
		{Lit{Green: true, Yellow: true, Count: 1}, green + dark + dark},
		{Lit{Red: true, Green: true, Count: 1}, red + red + red},
		{Lit{Yellow: true, Count: 1}, yellow + yellow + yellow},
		{Lit{Count: 1}, dark + dark + dark},
	} {
		if err := r.Show(c.lit); err != nil {
			t.Fatal(err)
		}
		if got := hex.EncodeToString(w.frames[len(w.frames)-1]); got != "00000000"+c.want+"0000000000" {
			t.Errorf("%+v is %s, want the lamps %s", c.lit, got, c.want)
		}
	}
}

// The clock goes on for half a bit for each lamp, and for the 32 bits of an SK9822.
func TestEndOfFrame(t *testing.T) {
	for _, n := range []int{1, 12, 16, 17, 144} {
		frame := encode(nil, colour{}, n, Config{LEDs: n, Brightness: 1})
		if bits := 8 * (len(frame) - 4 - 4*n); bits < 32+(n+1)/2 {
			t.Errorf("%d lamps: %d bits at the end", n, bits)
		}
	}
}

func TestRingsThatCannotBe(t *testing.T) {
	for _, c := range []Config{{LEDs: 0, Brightness: 1}, {LEDs: 145, Brightness: 1}, {LEDs: 1}, {LEDs: 1, Brightness: 32}} {
		if _, err := newRing(&wire{}, c); err == nil {
			t.Errorf("%+v: no error", c)
		}
	}
	if _, err := Open(Config{Device: "/dev/no-spi", LEDs: 1, Brightness: 1}); err == nil || !strings.Contains(err.Error(), "dtparam=spi=on") {
		t.Errorf("a missing device: %v", err)
	}
	if _, err := Open(Config{Device: "/dev/null", LEDs: 1, Brightness: 1}); err == nil || !strings.Contains(err.Error(), "/dev/null is no SPI device") {
		t.Errorf("a device that is no SPI: %v", err)
	}
	w := &wire{err: errors.New("unplugged")}
	r, _ := newRing(w, Config{Device: "/dev/spidev0.0", LEDs: 1, Brightness: 1})
	if err := r.Show(Lit{}); err == nil || !strings.Contains(err.Error(), "/dev/spidev0.0: unplugged") {
		t.Errorf("a write that fails: %v", err)
	}
}
