package door

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

// However many call, few are remembered; one that floods is among them.
func TestRatesAreBounded(t *testing.T) {
	const most = 512
	r := NewRates[string](Rate{PerSecond: 25, Burst: 120}, most)
	for i := range 3 * most {
		r.Take("mob")
		r.Take(fmt.Sprint(i))
		if len(r.limits) > most {
			t.Fatalf("%d callers are remembered", len(r.limits))
		}
	}
	if r.Take("mob") == 0 {
		t.Error("the flooding one was forgotten, and may go on")
	}
}

// Who waits as long as told is served, and not sooner; nobody else waits.
func TestRatesSayWhenToComeBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := NewRates[string](Rate{PerSecond: 4, Burst: 10}, 8)
		for n := range 10 {
			if wait := r.Take("ann"); wait != 0 {
				t.Fatalf("call %d has to wait %v", n, wait)
			}
		}
		wait := r.Take("ann")
		if wait <= 0 || wait > 250*time.Millisecond {
			t.Fatalf("told to wait %v", wait)
		}
		if r.Take("bob") != 0 {
			t.Error("another one waits too")
		}
		time.Sleep(wait / 2)
		if r.Take("ann") == 0 {
			t.Error("served too early")
		}
		time.Sleep(wait)
		if again := r.Take("ann"); again != 0 {
			t.Errorf("has to wait %v again", again)
		}
	})
}

func TestCounts(t *testing.T) {
	c := Counts[string]{Most: 2}
	for n, want := range []bool{true, true, false} {
		if got := c.Take("ann"); got != want {
			t.Errorf("take %d: %v", n, got)
		}
	}
	if !c.Take("bob") {
		t.Error("another one is refused")
	}
	c.Give("ann")
	if !c.Take("ann") || c.Held("ann") != 2 {
		t.Error("what was given back cannot be taken")
	}
	for range 2 {
		c.Give("ann")
	}
	c.Give("bob")
	if len(c.held) != 0 {
		t.Errorf("%v is remembered of nobody", c.held)
	}
}
