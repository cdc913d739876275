package capture

import (
	"image"
	"math"
	"testing"
	"time"

	"podium/capture/encoder"
	"podium/capture/encoder/m2m"
	"podium/capture/encoder/openh264"
)

// rateOf reads the picture for as long as the camera's clock says, and gives bit/s and
// frames/s.
func rateOf(t *testing.T, v *Video, length time.Duration) (bits, frames float64) {
	t.Helper()
	first := sample(t, v)
	last := first
	for last.Timestamp.Sub(first.Timestamp) < length {
		last = sample(t, v)
		bits += 8 * float64(len(last.Data))
		frames++
	}
	passed := last.Timestamp.Sub(first.Timestamp).Seconds()
	return bits / passed, frames / passed
}

// Less bit rate is less of everything, in the ladder's order, without a new camera and
// without a picture that cannot be decoded.
func TestPictureFollowsTheBitRate(t *testing.T) {
	c := VideoConfig{Width: 640, Height: 360, FrameRate: 30, BitRate: 800_000, Device: "noise", Log: quiet}
	v, err := openVideo(c, &noisyCamera{})
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	for _, step := range []struct {
		bits, width int
		frames      float64
	}{{800_000, 640, 30}, {500_000, 640, 30}, {300_000, 640, 20}, {200_000, 640, 15}, {120_000, 480, 15}, {60_000, 320, 15}} {
		v.SetBitRate(step.bits)
		if s := sample(t, v); step.width != v.Info().Width {
			t.Fatalf("at %d bit/s: %+v", step.bits, v.Info())
		} else if !isKeyframe(s.Data) && (step.width == 480 || step.width == 320) {
			t.Errorf("at %d bit/s the first unit of another size is no keyframe", step.bits)
		}
		bits, frames := rateOf(t, v, 5*time.Second)
		if math.Abs(bits/float64(step.bits)-1) > 0.1 || math.Abs(frames/step.frames-1) > 0.1 {
			t.Errorf("asked for %d bit/s: %.0f bit/s, %.1f frames/s, want %.0f", step.bits, bits, frames, step.frames)
		}
		if i := v.Info(); i.BitRate != step.bits || math.Abs(i.FrameRate-step.frames) > 0.1 {
			t.Errorf("at %d bit/s the status says %+v", step.bits, i)
		}
	}
}

// weak is an encoder of the board that fails after some frames.
type weak struct {
	encoder.Encoder
	left int
}

func (w *weak) Encode(frame *image.YCbCr, keyframe bool) ([]byte, error) {
	if w.left--; w.left < 0 {
		return nil, m2m.ErrStuck
	}
	return w.Encoder.Encode(frame, keyframe)
}

func (w *weak) Name() string { return BoardEncoder }

// When the board's encoder fails, and where there is none, software goes on: with a
// keyframe, at the same rate, for the rest of the recording.
func TestSoftwareGoesOnForTheBoard(t *testing.T) {
	had := builders[BoardEncoder]
	t.Cleanup(func() { builders[BoardEncoder] = had })
	c := VideoConfig{Width: 320, Height: 180, FrameRate: 30, BitRate: 800_000, Device: "noise", Encoder: BoardEncoder, Log: quiet}
	for _, frames := range []int{0, 40} {
		made := 0
		builders[BoardEncoder] = func(s encoder.Settings) (encoder.Encoder, error) {
			if made++; frames == 0 {
				return nil, m2m.ErrMissing
			}
			enc, err := openh264.New(s)
			return &weak{enc, frames}, err
		}
		v, err := openVideo(c, &noisyCamera{})
		if err != nil {
			t.Fatal(err)
		}
		defer v.Close()
		for n := range 100 {
			unit := sample(t, v).Data
			if n == frames && !isKeyframe(unit) {
				t.Error("software does not begin with a keyframe")
			}
			if name := v.Info().Encoder; n < frames && name != BoardEncoder || n > frames && name != DefaultEncoder {
				t.Fatalf("frame %d is %s's", n, name)
			}
			if n == 60 {
				v.SetBitRate(100_000) // a smaller size and thus a new encoder
			}
		}
		if made != 1 || v.Trouble() != nil {
			t.Errorf("the board's was built %d times; trouble: %v", made, v.Trouble())
		}
	}
}

func TestUnknownEncoder(t *testing.T) {
	if _, err := OpenVideo(VideoConfig{Device: TestDevice, Encoder: "vp8", Log: quiet}); err == nil || len(Encoders()) == 0 {
		t.Errorf("vp8: %v; there are %v", err, Encoders())
	}
}
