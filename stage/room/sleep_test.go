package room

import (
	"net/http"
	"slices"
	"sync/atomic"
	"testing"
	"time"
	"unsafe"

	"podium/stage"
)

// bed is where the machine of a test sleeps.
type bed struct{ slept atomic.Int64 }

func (b *bed) sleep(d time.Duration) { b.slept.Add(int64(d)) }
func (b *bed) asleep() time.Duration { return time.Hour + time.Duration(b.slept.Load()) }

// A lease asleep cuts a publisher, though it goes on sending the moment the machine is
// awake and ICE has noticed nothing; and no token of before is good.
func TestALeaseAsleepCutsThePublisher(t *testing.T) {
	var b bed
	h := newHall(t, Config{Lease: 10 * time.Second, TokenTTL: time.Hour, Asleep: b.asleep})
	w := h.watch("ada")
	unused := h.admit(turn("bob", 2))
	p := newPublisher(h, nil).start(h.admit(turn("ada", 1))).feed()
	w.waitFor(t, 10)
	b.sleep(10 * time.Second)
	eventually(t, "off air", func() bool { return slices.Equal(h.aired("ada"), []bool{true, false}) })
	last := p.sent.Load() // of before the cut, or a little later
	eventually(t, "the publisher goes on", func() bool { return p.sent.Load() > last+50 })
	if top := w.highest(); top > last {
		t.Errorf("the viewer got packet %d, and was cut off at %d", top, last)
	}
	h.want(h.request(http.MethodDelete, p.location, p.token, "", ""), http.StatusNotFound)
	h.want(h.post(unused, newPublisher(h, nil).offer), http.StatusUnauthorized, "expired")
	newPublisher(h, nil).start(h.admit(turn("ada", 1))).feed() // the turn goes on
	eventually(t, "on air again", func() bool { return len(h.aired("ada")) == 3 })
}

// Short sleeps between which the publisher is heard do not add up.
func TestShortSleepsDisturbNobody(t *testing.T) {
	var b bed
	h := newHall(t, Config{Lease: 10 * time.Second, Asleep: b.asleep})
	w := h.watch("ada")
	newPublisher(h, nil).start(h.admit(turn("ada", 1))).feed()
	for n := range 3 {
		w.waitFor(t, 20*(n+1))
		b.sleep(9 * time.Second)
		eventually(t, "the sleep is settled", func() bool { return h.room.sleep.Fresh() == 0 })
	}
	w.waitFor(t, len(w.packets(stage.Audio))+20)
	if on := h.aired("ada"); !slices.Equal(on, []bool{true}) {
		t.Errorf("on-air reports %v", on)
	}
}

// Sleeps between which nothing is heard do.
func TestSleepsOfOneSilenceAddUp(t *testing.T) {
	var b bed
	h := newHall(t, Config{Lease: 10 * time.Second, Asleep: b.asleep})
	p := newPublisher(h, nil)
	token := h.admit(turn("ada", 1))
	h.want(h.post(token, p.offer), http.StatusCreated)
	for _, left := range []int{1, 0} {
		b.sleep(5 * time.Second)
		h.room.settleSleep()
		h.room.mu.Lock()
		if pub := h.room.slots[seat{"hall", "ada"}].pub; (pub != nil) != (left > 0) {
			t.Errorf("publication %v with %d sleeps to come", pub, left)
		}
		h.room.mu.Unlock()
	}
}

func TestATokenAgesAsleep(t *testing.T) {
	var b bed
	h := newHall(t, Config{Lease: 10 * time.Second, TokenTTL: time.Minute, Asleep: b.asleep})
	token := h.admit(turn("ada", 1))
	for range 7 { // each is shorter than the lease
		b.sleep(9 * time.Second)
		h.room.settleSleep()
	}
	h.want(h.post(token, newPublisher(h, nil).offer), http.StatusUnauthorized, "expired")
}

// jumped gives t as it would have been read had somebody set the wall clock by d: the
// monotonic reading stays.
func jumped(t time.Time, d time.Duration) time.Time {
	(*struct{ wall uint64 })(unsafe.Pointer(&t)).wall += uint64(int64(d/time.Second)) << 30
	return t
}

// Being on air and the life of a token do not depend on the wall clock.
func TestTheWallClockCountsForNothing(t *testing.T) {
	h := newHall(t, Config{TokenTTL: time.Minute})
	for _, jump := range []time.Duration{-2 * 365 * 24 * time.Hour, 2 * 365 * 24 * time.Hour} {
		now := time.Now()
		s := &slot{room: h.room}
		p := &publication{slot: s}
		s.pub = p
		s.onAir.Store(true)
		p.heardAt.Store(int64(now.Sub(h.room.began)))
		if p.settleAir(jumped(now.Add(airGap), jump)); !s.onAir.Load() {
			t.Errorf("a jump by %v took a speaker off air", jump)
		}
		if p.settleAir(jumped(now.Add(airGap+1), jump)); s.onAir.Load() {
			t.Errorf("a jump by %v left a silent speaker on air", jump)
		}
		pass := &pass{turn: turn("ada", 1), expires: now.Add(time.Minute)}
		if prob := pass.state("hall", jumped(now.Add(time.Minute-1), jump)); prob != nil {
			t.Errorf("a jump by %v ended a token: %+v", jump, prob)
		}
		if pass.state("hall", jumped(now.Add(time.Minute), jump)) == nil {
			t.Errorf("a jump by %v prolonged a token", jump)
		}
	}
}
