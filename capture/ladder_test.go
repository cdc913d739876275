package capture

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

var hd = quality{1280, 720, 30, 2_000_000}

func TestLadderGoesDownAtOnce(t *testing.T) {
	for _, c := range []struct {
		bits int
		want quality
	}{
		{3_000_000, hd}, {2_000_000, hd}, {1_000_000, quality{1280, 720, 30, 1_000_000}}, {999_999, quality{1280, 720, 20, 999_999}},
		{600_000, quality{1280, 720, 15, 600_000}}, {400_000, quality{960, 540, 15, 400_000}},
		{200_000, quality{640, 360, 15, 200_000}}, {100_000, quality{426, 240, 10, 100_000}}, {0, quality{426, 240, 10, 50_000}},
	} {
		if got := newLadder(hd).set(c.bits, time.Unix(1, 0)); got != c.want {
			t.Errorf("%d bit/s: %+v, want %+v", c.bits, got, c.want)
		}
	}
}

// A small picture keeps its size, and a slow one its frames.
func TestLadderHasABottom(t *testing.T) {
	for _, top := range []quality{{320, 180, 10, 300_000}, {640, 360, 5, 500_000}, {426, 240, 30, 400_000}} {
		got := newLadder(top).set(0, time.Unix(1, 0))
		if got.width < 320 || got.height < 180 || got.frameRate < 5 || got.frameRate > top.frameRate {
			t.Errorf("%+v goes down to %+v", top, got)
		}
	}
}

func TestLadderGoesUpSlowly(t *testing.T) {
	l, now := newLadder(hd), time.Unix(1, 0)
	l.set(100_000, now)
	began := now
	var up []time.Duration
	for at := l.at; now.Sub(began) < time.Minute; now = now.Add(100 * time.Millisecond) {
		if l.set(2_000_000, now); l.at != at {
			up, at = append(up, now.Sub(began)), l.at
		}
	}
	if len(up) != 5 || l.at != 0 || up[0] < upAfter || up[4] > 6*upAfter {
		t.Errorf("up at %v, to step %d", up, l.at)
	}
}

// At any bit rate that stays, the ladder comes to rest; and what it gives is always
// within what was configured.
func TestLadderRests(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		top := quality{
			2 * rapid.IntRange(32, 1920).Draw(t, "width"), 2 * rapid.IntRange(32, 1080).Draw(t, "height"),
			rapid.Float64Range(1, 120).Draw(t, "rate"), rapid.IntRange(50_000, 50_000_000).Draw(t, "bits"),
		}
		l, now := newLadder(top), time.Unix(1, 0)
		for range rapid.IntRange(1, 10).Draw(t, "changes") {
			bits := rapid.IntRange(0, 2*top.bitRate).Draw(t, "now")
			changes, last := 0, -1
			for range 1000 {
				now = now.Add(100 * time.Millisecond)
				q := l.set(bits, now)
				if q.width > top.width || q.height > top.height || q.frameRate > top.frameRate || q.bitRate > max(top.bitRate, leastBitRate) ||
					q.width%2+q.height%2 != 0 || q.frameRate <= 0 {
					t.Fatalf("%+v of %+v", q, top)
				}
				if l.at != last {
					changes, last = changes+1, l.at
				}
			}
			if changes > len(shares) {
				t.Fatalf("%d changes at %d bit/s", changes, bits)
			}
		}
	})
}
