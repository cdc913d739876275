package leds_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"podium/hw/lamp"
	"podium/hw/leds"
	"podium/hw/leds/ledstest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var wired = leds.Config{Red: leds.Lamp{Line: "GPIO22"}, Green: leds.Lamp{Line: "GPIO23", ActiveLow: true}}

// running opens the lamps and runs them; stop ends that and gives Run's error.
func running(t *testing.T, h *ledstest.Header, c leds.Config) (l *leds.Leds, stop func() error) {
	t.Helper()
	l, err := leds.Open(h, c)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- l.Run(ctx) }()
	return l, func() error {
		cancel()
		return <-ended
	}
}

// free checks that the lamps are dark and nobody has their lines.
func free(t *testing.T, h *ledstest.Header) {
	t.Helper()
	if h.High("GPIO22") || !h.High("GPIO23") {
		t.Errorf("levels at the end: red %t, green (low is lit) %t", h.High("GPIO22"), h.High("GPIO23"))
	}
	if h.Held("GPIO22") || h.Held("GPIO23") {
		t.Error("lines are held at the end")
	}
}

func TestOpenPutsLampsOut(t *testing.T) {
	var h ledstest.Header
	l, err := leds.Open(&h, wired)
	if err != nil {
		t.Fatal(err)
	}
	if red, green := h.Changes("GPIO22"), h.Changes("GPIO23"); len(red) != 1 || red[0].High || len(green) != 1 || !green[0].High {
		t.Errorf("red did %v, green did %v", red, green)
	}
	for range 2 {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	}
	free(t, &h)
	if err := l.Run(t.Context()); err == nil {
		t.Error("Run after Close gives no error")
	}
}

func TestOpenErrors(t *testing.T) {
	for _, c := range []struct {
		name   string
		config leds.Config
		want   string
	}{
		{"no red", leds.Config{Green: wired.Green}, "red lamp: no line"},
		{"no green", leds.Config{Red: wired.Red}, "green lamp: no line"},
		{"one line", leds.Config{Red: wired.Red, Green: wired.Green, Yellow: wired.Red}, "yellow lamp: line GPIO22 is the red lamp's"},
		{"busy", leds.Config{Red: wired.Red, Green: leds.Lamp{Line: "GPIO4"}}, "green lamp: cannot use line GPIO4: busy"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var h ledstest.Header
			h.Fail("GPIO4", errors.New("busy"))
			if _, err := leds.Open(&h, c.config); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("Open says %v, want %q", err, c.want)
			}
			if h.Held("GPIO22") || h.Held("GPIO23") {
				t.Error("lines are held after a failed Open")
			}
		})
	}
}

func TestShowTakesEffectAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var h ledstest.Header
		l, stop := running(t, &h, wired)
		l.Show(leds.Lamps{Green: lamp.Blip})
		time.Sleep(1234 * time.Millisecond) // dark
		l.Show(leds.Lamps{Green: lamp.On})
		synctest.Wait() // no time passes
		if h.High("GPIO23") {
			t.Error("green is not lit at once")
		}
		l.Show(leds.Lamps{Red: lamp.On})
		synctest.Wait()
		if !h.High("GPIO22") || !h.High("GPIO23") {
			t.Error("red is not lit, or green not out, at once")
		}
		if err := stop(); err != nil {
			t.Error(err)
		}
		free(t, &h)
	})
}

func TestRhythmOnTheLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var h ledstest.Header
		l, stop := running(t, &h, wired)
		start := time.Now()
		for range 30 { // shown again and again, as after every step of the core
			l.Show(leds.Lamps{Red: lamp.Refused})
			time.Sleep(100 * time.Millisecond)
		}
		if err := stop(); err != nil {
			t.Error(err)
		}
		var at []time.Duration
		for _, c := range h.Changes("GPIO22")[1:] {
			at = append(at, c.At.Sub(start))
		}
		for i, got := range at {
			if want := time.Duration(i) * 250 * time.Millisecond; got != want {
				t.Errorf("change %d at %v, want %v", i, got, want)
			}
		}
		if len(at) != 6 {
			t.Errorf("%d changes, want 6: %v", len(at), at)
		}
	})
}

func TestShowBeforeRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var h ledstest.Header
		l, err := leds.Open(&h, wired)
		if err != nil {
			t.Fatal(err)
		}
		for range 3 { // never waits
			l.Show(leds.Lamps{Red: lamp.On})
		}
		ended := make(chan error, 1)
		go func() { ended <- l.Run(t.Context()) }()
		synctest.Wait()
		if !h.High("GPIO22") {
			t.Error("red is not lit")
		}
		if err := errors.Join(l.Close(), <-ended); err != nil {
			t.Error(err)
		}
		free(t, &h)
		l.Show(leds.Lamps{Red: lamp.On}) // too late, and harmless
	})
}

func TestAFailedLineIsNamedAndTheOthersGoOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var h ledstest.Header
		l, err := leds.Open(&h, leds.Config{Red: wired.Red, Green: wired.Green, Yellow: leds.Lamp{Line: "GPIO24"}})
		if err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- l.Run(t.Context()) }()
		l.Show(leds.Lamps{Red: lamp.On, Green: lamp.On})
		synctest.Wait()
		h.Fail("GPIO24", errors.New("no such device"))
		l.Show(leds.Lamps{Red: lamp.On, Green: lamp.On, Yellow: lamp.On})
		err = <-ended
		if err == nil || !strings.Contains(err.Error(), "the yellow lamp failed: cannot drive line GPIO24: no such device") {
			t.Errorf("Run says %v", err)
		}
		free(t, &h)
		if h.Held("GPIO24") {
			t.Error("the failed line is held")
		}
	})
}

// A mirror shows what the lamps show, change by change, and is dark in the end.
func TestMirror(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var seen []string
		began := time.Now()
		l, err := leds.Open(&ledstest.Header{}, leds.Config{Red: leds.Lamp{Line: "GPIO22"}, Green: leds.Lamp{Line: "GPIO23", ActiveLow: true},
			Mirror: func(now leds.Lit) {
				seen = append(seen, fmt.Sprint(time.Since(began).Milliseconds(), " ", now))
			}})
		if err != nil {
			t.Fatal(err)
		}
		ended := make(chan error)
		go func() { ended <- l.Run(t.Context()) }()
		l.Show(leds.Lamps{Red: lamp.Fast, Green: lamp.FastInverse})
		time.Sleep(600 * time.Millisecond)
		l.Show(leds.Lamps{Green: lamp.Slow, Count: 3})
		time.Sleep(200 * time.Millisecond)
		l.Show(leds.Lamps{Green: lamp.Slow, Count: 2})
		time.Sleep(200 * time.Millisecond)
		if err := errors.Join(l.Close(), <-ended); err != nil {
			t.Error(err)
		}
		want := []string{
			"0 {true false false 0}", "250 {false true false 0}", "500 {true false false 0}",
			"600 {false true false 3}", "800 {false true false 2}", "1000 {false false false 0}",
		}
		if fmt.Sprint(seen) != fmt.Sprint(want) {
			t.Errorf("the mirror saw %q, want %q", seen, want)
		}
	})
}
