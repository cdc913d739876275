package encodertest

import (
	"image"
	"math"
	"math/rand/v2"
	"testing"

	"podium/capture/encoder"
)

// Picture draws frames that are hard to encode, as a real camera's are: texture that
// drifts, with fresh noise on it.
type Picture struct {
	frame *image.YCbCr
	n     int
	noise *rand.Rand
}

// NewPicture makes a picture of width by height pixels.
func NewPicture(width, height int) *Picture {
	p := &Picture{frame: image.NewYCbCr(image.Rect(0, 0, width, height), image.YCbCrSubsampleRatio420), noise: rand.New(rand.NewPCG(3, 4))}
	for i := range p.frame.Cb {
		p.frame.Cb[i], p.frame.Cr[i] = 110, 140
	}
	return p
}

// Next draws the next frame, which is valid until the one after it.
func (p *Picture) Next() *image.YCbCr {
	p.n++
	var noise uint64
	w := p.frame.Rect.Dx()
	for i := range p.frame.Y {
		if i%16 == 0 {
			noise = p.noise.Uint64()
		}
		x, y := i%w, i/w
		p.frame.Y[i] = byte((x+3*p.n)/4&0x60+(y+p.n)/8&0x1f+40) + byte(noise&7)
		noise >>= 4
	}
	return p.frame
}

// kinds gives the types of the NAL units of an access unit, ITU-T H.264, table 7-1.
func kinds(unit []byte) (seen [32]int) {
	for i := 0; i+3 < len(unit); i++ {
		if unit[i] == 0 && unit[i+1] == 0 && unit[i+2] == 1 {
			seen[unit[i+3]&0x1f]++
			i += 3
		}
	}
	return seen
}

// IsKeyframe reports whether an access unit is an IDR picture with its parameter sets.
func IsKeyframe(unit []byte) bool {
	k := kinds(unit)
	return k[5] > 0 && k[7] > 0 && k[8] > 0
}

// Run holds an encoder to its promises.
func Run(t *testing.T, build encoder.Builder) {
	t.Helper()
	t.Run("keyframes", func(t *testing.T) { keyframes(t, build) })
	t.Run("rates", func(t *testing.T) { rates(t, build) })
	t.Run("frames that do not fit", func(t *testing.T) { misfits(t, build) })
	t.Run("settings that cannot be", func(t *testing.T) { refusals(t, build) })
	t.Run("a hard picture", func(t *testing.T) { noise(t, build) })
}

func made(t *testing.T, build encoder.Builder, s encoder.Settings) encoder.Encoder {
	t.Helper()
	e, err := build(s)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

func encode(t *testing.T, e encoder.Encoder, frame *image.YCbCr, keyframe bool) []byte {
	t.Helper()
	unit, err := e.Encode(frame, keyframe)
	if err != nil {
		t.Fatal(err)
	}
	return unit
}

// keyframes orders one at random frames: each is answered with the frame that it was
// ordered for, or with the next if that was skipped; and none comes unasked.
func keyframes(t *testing.T, build encoder.Builder) {
	e, p, chance := made(t, build, encoder.Settings{Width: 320, Height: 180, FrameRate: 30, BitRate: 400_000}), NewPicture(320, 180), rand.New(rand.NewPCG(1, 2))
	if unit := encode(t, e, p.Next(), false); !IsKeyframe(unit) {
		t.Fatal("the first unit is no keyframe")
	}
	wanted, since, ordered, unasked := false, 0, 0, 0
	for range 2000 {
		if chance.IntN(4) == 0 && !wanted {
			wanted, since = true, 0
			ordered++
		}
		unit := encode(t, e, p.Next(), wanted)
		key := IsKeyframe(unit)
		if key && !wanted {
			unasked++
		}
		if since++; wanted && since > 2 {
			t.Fatalf("a keyframe was ordered %d frames ago", since)
		}
		wanted = wanted && !key
	}
	if ordered < 200 || unasked > 0 {
		t.Errorf("%d keyframes ordered, %d came unasked", ordered, unasked)
	}
}

// rates demands less than 5 % of error over 10 s, also after changes up and down, of
// bit rate and frame rate.
func rates(t *testing.T, build encoder.Builder) {
	e, p := made(t, build, encoder.Settings{Width: 320, Height: 180, FrameRate: 30, BitRate: 300_000}), NewPicture(320, 180)
	for _, c := range []struct {
		bits int
		rate float64
	}{{300_000, 30}, {600_000, 30}, {150_000, 30}, {300_000, 15}, {400_000, 30}} {
		if err := e.SetRate(c.bits, c.rate); err != nil {
			t.Fatal(err)
		}
		for range int(c.rate) { // what is in the encoder's books of before
			encode(t, e, p.Next(), false)
		}
		bytes := 0
		for range int(10 * c.rate) {
			bytes += len(encode(t, e, p.Next(), false))
		}
		got := float64(8*bytes) / 10
		if off := got/float64(c.bits) - 1; math.Abs(off) > 0.05 {
			t.Errorf("%.0f bit/s for %d at %g frames/s: %+.1f %%", got, c.bits, c.rate, 100*off)
		} else {
			t.Logf("%.0f bit/s for %d at %g frames/s: %+.1f %%", got, c.bits, c.rate, 100*off)
		}
	}
	for _, c := range []struct {
		bits int
		rate float64
	}{{0, 30}, {300_000, 0}, {300_000, math.NaN()}} {
		if err := e.SetRate(c.bits, c.rate); err == nil {
			t.Errorf("took %+v", c)
		}
	}
	encode(t, e, p.Next(), false)
}

func misfits(t *testing.T, build encoder.Builder) {
	e := made(t, build, encoder.Settings{Width: 320, Height: 180, FrameRate: 30, BitRate: 300_000})
	short := NewPicture(320, 180).Next()
	short.Cr = short.Cr[:100]
	for name, frame := range map[string]*image.YCbCr{
		"larger": NewPicture(640, 360).Next(), "smaller": NewPicture(160, 90).Next(), "a short plane": short,
		"4:2:2": image.NewYCbCr(image.Rect(0, 0, 320, 180), image.YCbCrSubsampleRatio422),
	} {
		if _, err := e.Encode(frame, false); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if unit := encode(t, e, NewPicture(320, 180).Next(), false); !IsKeyframe(unit) {
		t.Error("the first frame that fits is no keyframe")
	}
}

func refusals(t *testing.T, build encoder.Builder) {
	for _, s := range []encoder.Settings{
		{}, {Width: 321, Height: 180, FrameRate: 30, BitRate: 300_000}, {Width: 320, Height: 180, BitRate: 300_000},
		{Width: 320, Height: 180, FrameRate: 30}, {Width: 10_000, Height: 10_000, FrameRate: 30, BitRate: 300_000},
	} {
		if e, err := build(s); err == nil {
			t.Errorf("built for %+v", s)
			_ = e.Close()
		}
	}
}

// noise is as much as a frame can hold: an access unit may be larger than its picture.
// An encoder may refuse such a frame, and goes on with the next one that is bearable.
func noise(t *testing.T, build encoder.Builder) {
	e := made(t, build, encoder.Settings{Width: 64, Height: 64, FrameRate: 30, BitRate: 3_000_000})
	frame, r := image.NewYCbCr(image.Rect(0, 0, 64, 64), image.YCbCrSubsampleRatio420), rand.New(rand.NewPCG(5, 6))
	for range 20 {
		for _, plane := range [][]byte{frame.Y, frame.Cb, frame.Cr} {
			for i := range plane {
				plane[i] = byte(r.Uint32())
			}
		}
		_, _ = e.Encode(frame, true)
	}
	p := NewPicture(64, 64)
	for n := 1; !IsKeyframe(encode(t, e, p.Next(), true)); n++ {
		if n == 60 {
			t.Fatal("no keyframe in the 2 s after noise")
		}
	}
}
