package encoder_test

import (
	"errors"
	"image"
	"testing"
	"testing/synctest"

	"podium/capture/encoder"
)

// fake is an encoder that fails when told to.
type fake struct {
	name      string
	settings  encoder.Settings
	keyframes []bool
	fails     error
	closed    chan struct{}
}

func (f *fake) Encode(_ *image.YCbCr, keyframe bool) ([]byte, error) {
	if f.fails != nil {
		return nil, f.fails
	}
	f.keyframes = append(f.keyframes, keyframe)
	return []byte(f.name), nil
}

func (f *fake) SetRate(bitRate int, frameRate float64) error {
	f.settings.BitRate, f.settings.FrameRate = bitRate, frameRate
	return f.fails
}
func (f *fake) Close() error { close(f.closed); return nil }
func (f *fake) Name() string { return f.name }

// maker builds fakes and remembers them.
type maker struct {
	name  string
	fails error
	made  []*fake
}

func (m *maker) build(s encoder.Settings) (encoder.Encoder, error) {
	if m.fails != nil {
		return nil, m.fails
	}
	m.made = append(m.made, &fake{name: m.name, settings: s, closed: make(chan struct{})})
	return m.made[len(m.made)-1], nil
}

var (
	settings = encoder.Settings{Width: 64, Height: 48, FrameRate: 30, BitRate: 500_000}
	frame    = image.NewYCbCr(image.Rect(0, 0, 64, 48), image.YCbCrSubsampleRatio420)
	errLost  = errors.New("lost")
)

// turn is what happens to one Fallback, and how often told hears of it.
type turn struct {
	name string
	run  func(t *testing.T, first, second *maker, build encoder.Builder)
	told int
}

func TestFallback(t *testing.T) {
	run(t, []turn{
		{"the first works", func(t *testing.T, first, second *maker, build encoder.Builder) {
			e, err := build(settings)
			if err != nil || e.Name() != "first" || len(second.made) > 0 {
				t.Fatal(e, err)
			}
			if _, err := e.Encode(image.NewYCbCr(image.Rect(0, 0, 32, 32), image.YCbCrSubsampleRatio420), false); err == nil {
				t.Error("took a frame that does not fit")
			}
			if err := e.SetRate(0, 30); err == nil {
				t.Error("took no bit rate")
			}
			if e.Name() != "first" {
				t.Error("bad input cost the encoder")
			}
			_ = e.Close()
		}, 0},
		{"the first cannot be built", func(t *testing.T, first, second *maker, build encoder.Builder) {
			first.fails = errLost
			for range 2 {
				if e, err := build(settings); err != nil || e.Name() != "second" {
					t.Fatal(e, err)
				}
			}
		}, 1},
		{"settings that cannot be", func(t *testing.T, first, second *maker, build encoder.Builder) {
			if _, err := build(encoder.Settings{}); err == nil {
				t.Error("built")
			}
		}, 0},
	})
}

func TestFallbackLater(t *testing.T) {
	run(t, []turn{
		{"the first fails", func(t *testing.T, first, second *maker, build encoder.Builder) {
			e, err := build(settings)
			if err != nil {
				t.Fatal(err)
			}
			if err := e.SetRate(250_000, 15); err != nil {
				t.Fatal(err)
			}
			first.made[0].fails = errLost
			unit, err := e.Encode(frame, false)
			if err != nil || string(unit) != "second" || e.Name() != "second" {
				t.Fatal(string(unit), err)
			}
			if got := second.made[0]; !got.keyframes[0] || got.settings.BitRate != 250_000 || got.settings.FrameRate != 15 {
				t.Errorf("the second is %+v", got)
			}
			<-first.made[0].closed
			if other, err := build(settings); err != nil || other.Name() != "second" {
				t.Error("tried again what had failed", other, err)
			}
			second.made[0].fails = errLost
			if _, err := e.Encode(frame, false); !errors.Is(err, errLost) {
				t.Error(err)
			}
		}, 1},
		{"the first takes no rate", func(t *testing.T, first, second *maker, build encoder.Builder) {
			e, _ := build(settings)
			first.made[0].fails = errLost
			if err := e.SetRate(250_000, 30); err != nil || e.Name() != "second" || second.made[0].settings.BitRate != 250_000 {
				t.Error(e.Name(), err)
			}
			<-first.made[0].closed
		}, 1},
		{"both fail", func(t *testing.T, first, second *maker, build encoder.Builder) {
			e, _ := build(settings)
			first.made[0].fails, second.fails = errLost, errors.New("no memory")
			if _, err := e.Encode(frame, false); !errors.Is(err, errLost) || !errors.Is(err, second.fails) {
				t.Error(err)
			}
		}, 1},
	})
}

func run(t *testing.T, turns []turn) {
	for _, c := range turns {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				first, second, told := &maker{name: "first"}, &maker{name: "second"}, 0
				c.run(t, first, second, encoder.Fallback(first.build, second.build, func(err error) {
					if told++; !errors.Is(err, errLost) {
						t.Error("told", err)
					}
				}))
				if told != c.told {
					t.Errorf("told %d times, not %d", told, c.told)
				}
			})
		})
	}
}
