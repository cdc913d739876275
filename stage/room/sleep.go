package room

import (
	"sync"
	"sync/atomic"
	"time"
)

// leastSleep is the shortest sleep that is believed: the two clocks that tell of it
// cannot be read at one moment.
const leastSleep = 50 * time.Millisecond

// sleep is what the room knows of the machine's suspensions. ICE's time-outs stand
// still in them, so the lease of a publisher is the room's own matter then.
type sleep struct {
	mu      sync.Mutex
	settled atomic.Int64 // the sleeps that have been counted, in ns; written under mu
}

// freshSleep gives how long the machine has slept since that was settled; 0: not at all.
func (r *Room) freshSleep() time.Duration {
	if d := r.conf.Asleep() - time.Duration(r.sleep.settled.Load()); d >= leastSleep {
		return d
	}
	return 0
}

// settleSleep counts a sleep as silence of every publisher. Each publication looks
// often, and every request and admission before it goes on. The caller holds no lock.
func (r *Room) settleSleep() {
	if r.freshSleep() == 0 {
		return
	}
	r.sleep.mu.Lock()
	defer r.sleep.mu.Unlock()
	d := min(r.freshSleep(), r.freshSleep()) // twice: a reading may be off by what came between its clocks
	if d == 0 {
		return
	}
	for _, p := range r.slept(d, time.Now()) {
		r.end(p, "the machine slept for "+d.Round(time.Millisecond).String())
	}
	r.sleep.settled.Add(int64(d))
}

// slept ages the unused tokens, and lists the publications that were silent for a
// lease of sleep. After such a one no token of before is good: the stage has to
// admit anew.
func (r *Room) slept(d time.Duration, now time.Time) (silent []*publication) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, p := range r.passes {
		if p.expires = p.expires.Add(-d); d >= r.conf.Lease && !p.over && p.expires.After(now) {
			p.expires = now
		}
	}
	for _, s := range r.slots {
		if s.pub != nil && time.Duration(s.pub.unheard.Add(int64(d))) >= r.conf.Lease {
			silent = append(silent, s.pub)
		}
	}
	return silent
}

// hear notes that something came from the publisher.
func (p *publication) hear() {
	if p.unheard.Load() != 0 {
		p.unheard.Store(0)
	}
}
