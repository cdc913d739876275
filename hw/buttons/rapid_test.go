package buttons

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// finger is one push of a real button: how long it is down, and how often and how
// long its contacts bounce at either end.
type finger struct {
	gap, hold    time.Duration
	press, lift  int
	bounceLength time.Duration
}

func drawFinger(t *rapid.T) finger {
	ms := func(name string, from, to int) time.Duration {
		return time.Duration(rapid.IntRange(from, to).Draw(t, name)) * time.Millisecond
	}
	// The ranges leave out what is near Long and Stuck, where bounces may decide.
	holds := []time.Duration{ms("short", 1, 1300), ms("long", 1600, 29800), ms("stuck", 30100, 90000)}
	return finger{
		gap: ms("gap", 100, 5000), hold: rapid.SampledFrom(holds).Draw(t, "hold"),
		press: rapid.IntRange(0, 6).Draw(t, "press"), lift: rapid.IntRange(0, 6).Draw(t, "lift"),
		bounceLength: time.Duration(rapid.IntRange(0, 2000).Draw(t, "bounce")) * time.Microsecond,
	}
}

// flip is a change of the wire's level.
type flip struct {
	at   time.Time
	down bool
}

// flips is the push as edges on the wire, and when it is firmly up again.
func (f finger) flips(from time.Time) (edges []flip, quiet time.Time) {
	at := from
	for _, part := range []struct {
		down    bool
		bounces int
		then    time.Duration
	}{{true, f.press, f.hold}, {false, f.lift, 0}} {
		edges = append(edges, flip{at, part.down})
		for range part.bounces {
			edges = append(edges, flip{at.Add(f.bounceLength), !part.down}, flip{at.Add(2 * f.bounceLength), part.down})
			at = at.Add(2 * f.bounceLength)
		}
		at = at.Add(part.then)
	}
	return edges, at
}

func (f finger) kinds() []Kind {
	kinds := []Kind{Pressed}
	if f.hold >= 1500*time.Millisecond {
		kinds = append(kinds, Long)
	}
	if f.hold >= 30*time.Second {
		kinds = append(kinds, Stuck)
	}
	return append(kinds, Released)
}

// Every push of a bouncing button is one press, on its first edge, and becomes
// long and stuck as it lasts, whenever else the level is read.
func TestEveryPushIsOnePress(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := zero
		c := newContact(Timing{}, false, now)
		for range rapid.IntRange(1, 5).Draw(t, "pushes") {
			f := drawFinger(t)
			start := now.Add(f.gap)
			edges, quiet := f.flips(start)
			edges = append(edges, flip{quiet.Add(90 * time.Millisecond), false}) // an end to the waiting
			var got []Kind
			down := false
			for i, e := range edges {
				for due, ok := c.next(); ok && due.Before(e.at); due, ok = c.next() {
					got = append(got, c.level(down, due)...)
				}
				if last := i == len(edges)-1; !last {
					got = append(got, c.edge(e.down, e.at)...)
				}
				down = e.down
				if i == 0 && (len(got) != 1 || got[0] != Pressed) {
					t.Fatalf("the first edge gives %v", got)
				}
				if rapid.Bool().Draw(t, "look") {
					got = append(got, c.level(down, e.at)...)
				}
				now = e.at
			}
			if !slices.Equal(got, f.kinds()) {
				t.Fatalf("%+v gives %v, want %v", f, got, f.kinds())
			}
		}
	})
}

// Whatever nonsense a wire does, the order of the kinds holds, times are kept, and
// a level read when it was due moves the machine on.
func TestContactHoldsItsOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := zero
		startDown := rapid.Bool().Draw(t, "start")
		c := newContact(Timing{}, startDown, now)
		last, pressed := Released, zero
		if startDown {
			last = ""
		}
		for range rapid.IntRange(1, 200).Draw(t, "steps") {
			down := rapid.Bool().Draw(t, "down")
			var kinds []Kind
			switch due, ok := c.next(); rapid.IntRange(0, 3).Draw(t, "what") {
			case 0:
				kinds = c.edge(down, now)
			case 1:
				kinds = c.level(down, now)
			case 2:
				now = now.Add(time.Duration(rapid.IntRange(0, 2000).Draw(t, "ms")) * time.Millisecond)
			default:
				if !ok {
					continue
				}
				now = later(now, due)
				kinds = c.level(down, now)
				if again, ok := c.next(); ok && !again.After(now) {
					t.Fatalf("due at %v again, which is not after %v", again, now)
				}
			}
			for _, kind := range kinds {
				last, pressed = follow(t, last, pressed, kind, now)
			}
		}
	})
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// follow checks one kind against the one before; "" is down since the start.
func follow(t *rapid.T, last Kind, pressed time.Time, kind Kind, at time.Time) (Kind, time.Time) {
	allowed := map[Kind][]Kind{
		Released: {Pressed}, "": {Pressed, Stuck}, Pressed: {Long, Released}, Long: {Stuck, Released}, Stuck: {Released},
	}
	if !slices.Contains(allowed[last], kind) {
		t.Fatalf("%q follows %q", kind, last)
	}
	held := at.Sub(pressed)
	least := map[Kind]time.Duration{Long: 1500 * time.Millisecond, Stuck: 30 * time.Second, Released: 30 * time.Millisecond}
	if held < least[kind] {
		t.Fatalf("%q after %v", kind, held)
	}
	if kind == Pressed {
		pressed = at
	}
	return kind, pressed
}
