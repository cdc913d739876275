package leds

import (
	"testing"
	"time"

	"pgregory.net/rapid"
	"podium/hw/lamp"
)

var zero = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func lit(b board, at time.Duration) [2]bool {
	l, _, _ := b.at(zero.Add(at))
	return [2]bool{l[0], l[1]}
}

func TestAnUnchangedPatternKeepsItsPhase(t *testing.T) {
	b := make(board, 2)
	b.show([]lamp.Pattern{lamp.Off, lamp.Slow}, zero)
	b.show([]lamp.Pattern{lamp.On, lamp.Slow}, zero.Add(700*time.Millisecond))
	if got := lit(b, 999*time.Millisecond); got != [2]bool{true, true} {
		t.Errorf("before the change: %v", got)
	}
	if got := lit(b, 1000*time.Millisecond); got != [2]bool{true, false} {
		t.Errorf("at the change: %v", got)
	}
}

func TestTwoHalvesAreShownInTurn(t *testing.T) {
	for _, together := range []bool{true, false} {
		b := make(board, 2)
		b.show([]lamp.Pattern{lamp.Slow, lamp.Off}, zero)
		at := 300 * time.Millisecond
		if together {
			at = 0
		}
		b.show([]lamp.Pattern{lamp.Slow, lamp.SlowInverse}, zero.Add(at))
		for ; at < 5*time.Second; at += 10 * time.Millisecond {
			if got := lit(b, at); got[0] == got[1] {
				t.Fatalf("together %t: at %v both are %v", together, at, got)
			}
		}
	}
}

// Red falls the moment that packets cease: it is steady no longer than they leave.
func TestAfterASteadyLightARhythmBeginsDark(t *testing.T) {
	for _, green := range []lamp.Pattern{lamp.Off, lamp.SlowInverse} {
		b := make(board, 2)
		b.show([]lamp.Pattern{lamp.On, lamp.Off}, zero)
		at := 300 * time.Millisecond
		b.show([]lamp.Pattern{lamp.Slow, green}, zero.Add(at))
		want := [2]bool{false, green == lamp.SlowInverse}
		if got := lit(b, at); got != want {
			t.Errorf("green %s: %v at the change, want %v", green, got, want)
		}
		if got := lit(b, at+time.Second); got != [2]bool{!want[0], false} {
			t.Errorf("green %s: %v after its dark part", green, got)
		}
	}
}

func TestRefusedStartsAtItsBeginningEachTime(t *testing.T) {
	b := make(board, 2)
	for _, start := range []time.Duration{0, 400 * time.Millisecond, 10 * time.Second} {
		b.show([]lamp.Pattern{lamp.Off, lamp.On}, zero.Add(start))
		b.show([]lamp.Pattern{lamp.Off, lamp.Refused}, zero.Add(start))
		if !lit(b, start)[1] || lit(b, start+300*time.Millisecond)[1] || !lit(b, start+500*time.Millisecond)[1] {
			t.Errorf("from %v it does not flash from its beginning", start)
		}
	}
}

// A new pattern starts at its beginning, unless a lamp that goes on has the same
// rhythm; and the time to the next change is never wrong.
func TestBoard(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b, now := make(board, 3), zero
		for range rapid.IntRange(1, 20).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(0, 3000).Draw(t, "ms")) * time.Millisecond)
			before := append(board{}, b...)
			want := make([]lamp.Pattern, len(b))
			for i := range want {
				want[i] = rapid.SampledFrom(lamp.Patterns()).Draw(t, "pattern")
			}
			b.show(want, now)
			levels, wait, moves := b.at(now)
			for i := range b {
				same := before[i].pattern == want[i]
				if same && b[i] != before[i] {
					t.Fatalf("lamp %d was started again", i)
				}
				if b[i].pattern != want[i] || b[i].start.After(now) {
					t.Fatalf("lamp %d shows %+v, want %s", i, b[i], want[i])
				}
				if want[i] == lamp.On && !levels[i] || want[i] == lamp.Refused && !same && !levels[i] {
					t.Fatalf("lamp %d is dark with a new %s", i, want[i])
				}
			}
			if moves && wait <= 0 {
				t.Fatalf("waits %v", wait)
			}
		}
	})
}
