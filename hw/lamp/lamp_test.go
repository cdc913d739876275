package lamp

import (
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"
)

const step = 10 * ms // every length is a multiple of it

// drawn samples a pattern as a picture: '#' lit, '.' dark, one sign per 50 ms.
func drawn(p Pattern, from, length time.Duration) string {
	var picture []byte
	for at := from; at < from+length; at += 50 * ms {
		if p.Lit(at) {
			picture = append(picture, '#')
		} else {
			picture = append(picture, '.')
		}
	}
	return string(picture)
}

func TestRhythms(t *testing.T) {
	for _, c := range []struct {
		pattern Pattern
		want    string // 2 s
	}{
		{Off, "........................................"},
		{"", "........................................"},
		{"no such", "........................................"},
		{On, "########################################"},
		{Slow, "####################...................."},
		{SlowInverse, "....................####################"},
		{Fast, "#####.....#####.....#####.....#####....."},
		{FastInverse, ".....#####.....#####.....#####.....#####"},
		{Blip, "##......................................"},
		{DoubleBlip, "###.....###............................."},
		{Refused, "#####.....#####.....#####..............."},
		{Fault, "###.....###.....###....................."},
	} {
		for _, from := range []time.Duration{0, 2 * time.Second, 3600 * time.Second} {
			want := c.want
			if c.pattern == Refused && from > 0 {
				want = drawn(Off, 0, 2*time.Second)
			}
			if got := drawn(c.pattern, from, 2*time.Second); got != want {
				t.Errorf("%s from %v:\n got %s\nwant %s", c.pattern, from, got, want)
			}
		}
	}
}

func TestRefusedEnds(t *testing.T) {
	if wait, ok := Refused.Next(RefusedLength); ok || Refused.Lit(RefusedLength) {
		t.Errorf("after RefusedLength: next in %v, %t; want dark for good", wait, ok)
	}
	if _, ok := Refused.Next(RefusedLength - step); !ok {
		t.Error("Refused ends before RefusedLength")
	}
}

// Three flashes a second are the limit of photosensitive safety (WCAG 2.3.1);
// any second of any pattern, alone, is looked at.
func TestNothingFlashesFasterThan3Hz(t *testing.T) {
	for _, p := range Patterns() {
		for from := time.Duration(0); from < 4*time.Second; from += step {
			rises := 0
			for at := from; at < from+time.Second; at += step {
				if p.Lit(at+step) && !p.Lit(at) {
					rises++
				}
			}
			if rises > 3 {
				t.Fatalf("%s: %d flashes in the second from %v", p, rises, from)
			}
		}
	}
}

func TestInverseIsTheOtherHalf(t *testing.T) {
	for at := time.Duration(0); at < 4*time.Second; at += step {
		if Slow.Lit(at) == SlowInverse.Lit(at) || Fast.Lit(at) == FastInverse.Lit(at) {
			t.Fatalf("both lamps alike at %v", at)
		}
	}
}

func TestNextIsTheNextChange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SampledFrom(Patterns()).Draw(t, "pattern")
		since := time.Duration(rapid.Int64Range(0, int64(time.Hour)).Draw(t, "since"))
		wait, ok := p.Next(since)
		if !ok {
			later := since + time.Duration(rapid.Int64Range(0, int64(time.Hour)).Draw(t, "later"))
			if p.Lit(later) != p.Lit(since) {
				t.Fatalf("%s changes at %v though Next says never", p, later)
			}
			return
		}
		if wait <= 0 {
			t.Fatalf("%s waits %v", p, wait)
		}
		before := time.Duration(rapid.Int64Range(0, int64(wait)-1).Draw(t, "before"))
		if p.Lit(since+before) != p.Lit(since) {
			t.Fatalf("%s changes %v after %v, before Next's %v", p, before, since, wait)
		}
	})
}

func TestText(t *testing.T) {
	for _, p := range Patterns() {
		text, err := json.Marshal(p)
		if err != nil || string(text) != `"`+string(p)+`"` {
			t.Errorf("%q is written %s, %v", p, text, err)
		}
		var back Pattern
		if err := json.Unmarshal(text, &back); err != nil || back != p {
			t.Errorf("%s is read as %q, %v", text, back, err)
		}
	}
	if text, _ := json.Marshal(Pattern("")); string(text) != `"off"` {
		t.Errorf("the zero value is written %s", text)
	}
	var p Pattern
	if err := json.Unmarshal([]byte(`"strobe"`), &p); err == nil {
		t.Error("an unknown pattern was read")
	}
}

func TestInStep(t *testing.T) {
	for _, c := range []struct {
		a, b Pattern
		want bool
	}{
		{Slow, SlowInverse, true}, {Fast, FastInverse, true}, {Slow, Slow, true},
		{Slow, Fast, false}, {Off, Off, false}, {On, On, false}, {Refused, Refused, false},
		{Blip, DoubleBlip, false}, {Refused, Fault, false},
	} {
		if c.a.InStep(c.b) != c.want || c.b.InStep(c.a) != c.want {
			t.Errorf("%s in step with %s: not %t", c.a, c.b, c.want)
		}
	}
}
