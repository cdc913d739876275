package stage

import (
	"slices"
	"time"
)

// Tick lets time pass: leases, grants and speaking times end, and the viewers'
// count that had to wait is told. It is due at Deadline, and harmless at any
// other moment.
func (m *Meeting) Tick(now time.Time) Outcome {
	var s step
	var over []string // few at a time of what may be a whole hall, so they alone are sorted
	for id, p := range m.away {
		if ended(p.pubUntil, now) || ended(p.lostUntil, now) || len(p.conns) > 0 {
			over = append(over, id)
		}
	}
	slices.Sort(over)
	for _, id := range over {
		m.expire(&s, m.away[id], now)
	}
	for _, p := range m.onTheWay() {
		if p.status == Accepted && ended(p.grant.until, now) {
			m.move(&s, p, change{to: OffStage, reason: ReasonExpired, reject: true}, now)
		}
	}
	m.watchTime(&s, now)
	return m.finish(&s, now)
}

// expire ends what of a user's lost connections has waited for a whole lease.
func (m *Meeting) expire(s *step, p *person, now time.Time) {
	if ended(p.pubUntil, now) {
		m.move(s, p, change{to: OffStage, reason: ReasonLeaseExpired}, now)
	}
	switch {
	case len(p.conns) == 0 && ended(p.lostUntil, now):
		m.remove(s, p, ReasonLeaseExpired, now)
	case len(p.conns) > 0 && p.pubUntil.IsZero():
		delete(m.away, p.UserID)
	}
}

// Deadline gives the moment at which Tick is due next; ok is false when nothing
// waits.
func (m *Meeting) Deadline() (at time.Time, ok bool) {
	for _, p := range m.away {
		at = earlier(at, p.pubUntil)
		if len(p.conns) == 0 {
			at = earlier(at, p.lostUntil)
		}
	}
	for _, p := range m.live {
		if p.status == Accepted {
			at = earlier(at, p.grant.until)
		} else {
			at = earlier(at, m.nextPhase(p))
		}
	}
	if m.viewers.count != m.viewers.told {
		at = earlier(at, m.viewers.next)
	}
	return at, !at.IsZero()
}

func ended(until, now time.Time) bool { return !until.IsZero() && !now.Before(until) }

// earlier gives the earlier of two moments, of which a zero one does not count.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || (!b.IsZero() && b.Before(a)) {
		return b
	}
	return a
}
