package room

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

func TestKeyframeRequestsAreGathered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		var sent []time.Duration
		k := &keyframes{gap: keyframeGap, send: func(uint32) { sent = append(sent, time.Since(began)) }}
		step := func(at time.Duration, act func()) {
			time.Sleep(at - time.Since(began))
			synctest.Wait()
			act()
		}
		k.request() // before the stream is known
		step(100*time.Millisecond, func() { k.aim(7) })
		for at := 110 * time.Millisecond; at < 400*time.Millisecond; at += 10 * time.Millisecond {
			step(at, k.request)
		}
		step(1500*time.Millisecond, k.request) // long after: at once
		step(1501*time.Millisecond, k.request) // inside the gap: at its end
		step(1502*time.Millisecond, k.request)
		step(3000*time.Millisecond, k.request)
		step(3001*time.Millisecond, k.request)
		k.close()
		time.Sleep(time.Second)
		k.request()
		synctest.Wait()
		want := []time.Duration{100, 400, 1500, 1800, 3000}
		for i := range want {
			want[i] *= time.Millisecond
		}
		if !slices.Equal(sent, want) {
			t.Errorf("sent at %v, want %v", sent, want)
		}
	})
}

func TestAnnouncerKeepsTheOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var heard []bool
		gate := make(chan struct{})
		a := startAnnouncer(func(_, _ string, on bool) { <-gate; heard = append(heard, on) })
		for i := range 10 {
			a.announce(seat{"hall", "ada"}, i%2 == 0)
		}
		synctest.Wait() // announce did not wait for the listener
		close(gate)
		a.close()
		if len(heard) != 10 || !heard[0] || heard[9] {
			t.Errorf("heard %v", heard)
		}
	})
}
