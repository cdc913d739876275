package room

import "time"

// settleSleep counts a sleep of the machine as silence of every publisher: ICE's
// time-outs stand still in it. Each publication looks often, and every request and
// admission before it goes on. The caller holds no lock.
func (r *Room) settleSleep() {
	r.sleep.Settle(func(d time.Duration) {
		for _, p := range r.slept(d, time.Now()) {
			r.end(p, "the machine slept for "+d.Round(time.Millisecond).String())
		}
	})
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
