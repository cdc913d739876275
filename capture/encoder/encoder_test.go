package encoder

import (
	"testing"
	"time"
)

func TestKeyframeFrames(t *testing.T) {
	for _, row := range []struct {
		rate  float64
		every time.Duration
		want  int
	}{
		{30, 0, 0}, {30, -time.Second, 0}, {30, time.Second, 30}, {29.97, time.Second, 30}, {5, time.Millisecond, 1}, {0.5, 5 * time.Second, 3},
	} {
		if got := (Settings{FrameRate: row.rate, KeyframeEvery: row.every}).KeyframeFrames(); got != row.want {
			t.Errorf("%s at %g frames/s are %d frames, want %d", row.every, row.rate, got, row.want)
		}
	}
}

// TestAt: another rate is refused where no encoder could be built for it, and changes
// nothing else.
func TestAt(t *testing.T) {
	s := Settings{Width: 320, Height: 180, FrameRate: 30, BitRate: 300_000, KeyframeEvery: time.Second}
	want := s
	want.FrameRate, want.BitRate = 15, 100_000
	if got, err := s.At(100_000, 15); err != nil || got != want {
		t.Errorf("%+v, %v; want %+v", got, err, want)
	}
	for _, bad := range []struct {
		bitRate   int
		frameRate float64
	}{{9_999, 30}, {300_000, 0}, {300_000, 241}} {
		if _, err := s.At(bad.bitRate, bad.frameRate); err == nil {
			t.Errorf("%+v: no error", bad)
		}
	}
}
