//go:build linux && (amd64 || arm64)

package m2m

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"go.uber.org/goleak"
	"golang.org/x/sys/unix"

	"podium/capture/encoder"
	"podium/capture/encoder/encodertest"
	"podium/capture/internal/videodev"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// oddities are what drivers differ in.
var oddities = map[string]func(*board){
	"as asked":                        func(*board) {},
	"lines of 32 bytes":               func(b *board) { b.align = 32 },
	"cut out of larger pictures":      func(b *board) { b.align, b.lines = 64, 16 },
	"NV12":                            func(b *board) { b.raw, b.align, b.lines = "NV12", 32, 16 },
	"parameter sets in a buffer once": func(b *board) { b.headers = true },
	"no keyframe control":             func(b *board) { b.noControls = true },
}

// TestAsOthers holds it to what every encoder promises, on a good board and on one with
// all oddities.
func TestAsOthers(t *testing.T) {
	for name, odd := range map[string]func(*board){
		"a good board": oddities["as asked"],
		"an odd board": func(b *board) {
			for _, name := range []string{"NV12", "parameter sets in a buffer once", "no keyframe control"} {
				oddities[name](b)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			encodertest.Run(t, func(s encoder.Settings) (encoder.Encoder, error) {
				b := newBoard()
				odd(b)
				return b.builder(t)(s)
			})
		})
	}
}

// TestOddities: the picture arrives as it is, and each keyframe can be decoded.
func TestOddities(t *testing.T) {
	for name, odd := range oddities {
		b := newBoard()
		odd(b)
		e, err := b.builder(t)(settings)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		frame := encodertest.NewPicture(settings.Width, settings.Height).Next()
		for i := range frame.Cb { // no two of them are alike
			frame.Cb[i], frame.Cr[i] = byte(i), byte(i>>8)
		}
		for n := range 3 {
			if unit, err := e.Encode(frame, n == 2); err != nil || encodertest.IsKeyframe(unit) != (n != 1) {
				t.Errorf("%s: frame %d: a keyframe where none was due, or none where one was; %v", name, n, err)
			}
		}
		if got := b.seen; !bytes.Equal(got.Y, frame.Y) || !bytes.Equal(got.Cb, frame.Cb) || !bytes.Equal(got.Cr, frame.Cr) {
			t.Errorf("%s: another picture arrived", name)
		}
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	}
}

var settings = encoder.Settings{Width: 320, Height: 180, FrameRate: 25, BitRate: 400_000}

func TestControls(t *testing.T) {
	b := newBoard()
	_, err := b.builder(t)(encoder.Settings{Width: 1920, Height: 1080, FrameRate: 30, BitRate: 2_500_000, KeyframeEvery: 5e9})
	if err == nil {
		t.Fatal("a picture of 1080p in buffers of 1 MiB")
	}
	s := settings
	s.KeyframeEvery = 4e9
	e, err := b.builder(t)(s)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	for id, want := range map[uint32]int32{videodev.ControlRepeatHeaders: 1, videodev.ControlH264Profile: 1, videodev.ControlH264Level: 9,
		videodev.ControlBFrames: 0, videodev.ControlBitRateMode: 1, videodev.ControlBitRate: 400_000, videodev.ControlGOP: 100, videodev.ControlH264Period: 100} {
		if got, ok := b.controls[id]; !ok || got != want {
			t.Errorf("control %#x is %d, not %d", id, got, want)
		}
	}
	if err := e.SetRate(200_000, 12.5); err != nil || b.controls[videodev.ControlBitRate] != 200_000 || b.rate.Rate() != 12.5 {
		t.Error(err, b.controls, b.rate)
	}
	if e.Name() != "v4l2m2m" {
		t.Error(e.Name())
	}
}

// TestRefusals: what cannot be used is refused with a reason, and nothing stays open.
func TestRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		odd  func(*board)
		says string
	}{
		"another format":       {func(b *board) { b.raw = "YUYV" }, "no such encoder"},
		"three planes":         {func(b *board) { b.planes = 3 }, "3 planes"},
		"no crop":              {func(b *board) { b.lines, b.noCrop = 32, true }, "192"},
		"no buffers":           {func(b *board) { b.fails[videodev.ReqRequestBuffers] = unix.ENOMEM }, "no buffers"},
		"no start":             {func(b *board) { b.fails[videodev.ReqStreamOn] = unix.EBUSY }, "does not start"},
		"no format":            {func(b *board) { b.fails[videodev.ReqSetFormat] = unix.EINVAL }, "does not make H264"},
		"no buffer is taken":   {func(b *board) { b.fails[videodev.ReqQueue] = unix.EINVAL }, "does not take"},
		"not a device of V4L2": {func(b *board) { b.fails[videodev.ReqQueryCap] = unix.ENOTTY }, "no such encoder"},
	} {
		b := newBoard()
		c.odd(b)
		if e, err := b.builder(t)(settings); err == nil || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), "/dev/video11") {
			t.Errorf("%s: %v, %v", name, e, err)
		}
		if b.engine != nil {
			t.Errorf("%s: left open", name)
		}
	}
}

// TestFailures: an error is final, and one that is stuck keeps others from being built
// until it is closed.
func TestFailures(t *testing.T) {
	for name, c := range map[string]struct {
		fail  func(*board)
		after int // frames
		stuck bool
	}{
		"stuck":               {func(b *board) { b.stuck = true }, 1, true},
		"keeps every picture": {func(b *board) { b.keeps = true }, 5, true},
		"damaged":             {func(b *board) { b.damaged = true }, damagedInVain + 1, false},
		"gone":                {func(b *board) { b.fails[videodev.ReqQueue] = unix.ENODEV }, 1, false},
		"gives nothing":       {func(b *board) { b.fails[videodev.ReqDequeue] = unix.EPIPE }, 1, false},
		"ended":               {func(b *board) { b.ended = true }, 1, false},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBoard()
			e, err := b.builder(t)(settings)
			if err != nil {
				t.Fatal(err)
			}
			p := encodertest.NewPicture(settings.Width, settings.Height)
			if unit, err := e.Encode(p.Next(), false); err != nil || !encodertest.IsKeyframe(unit) {
				t.Fatal(err)
			}
			c.fail(b)
			n := 1
			for ; err == nil && n <= 100; n++ {
				_, err = e.Encode(p.Next(), false)
			}
			if err == nil || n-1 > c.after || errors.Is(err, ErrStuck) != c.stuck {
				t.Fatalf("after %d frames: %v", n-1, err)
			}
			if _, again := e.Encode(p.Next(), false); again == nil {
				t.Error("went on after an error")
			}
			if _, err := newBoard().builder(t)(settings); errors.Is(err, ErrStuck) != c.stuck {
				t.Error("beside it:", err)
			}
			_ = e.Close()
			if other, err := newBoard().builder(t)(settings); err != nil {
				t.Error("after it:", err)
			} else {
				_ = other.Close()
			}
		})
	}
}

func TestFindWithoutOne(t *testing.T) {
	_, _, err := find(Options{}.filled(), t.TempDir(), videodev.Open)
	if !errors.Is(err, ErrMissing) || !strings.Contains(err.Error(), "H264") {
		t.Error(err)
	}
}
