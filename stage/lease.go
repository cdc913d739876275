package stage

import (
	"time"
)

// Tick lets time pass: leases, grants and speaking times end, and the viewers'
// count that had to wait is told. It is due at Deadline, and harmless at any
// other moment.
func (m *Meeting) Tick(now time.Time) Outcome {
	var s step
	m.lapse(&s, now)
	return m.finish(&s, now)
}

// lapse ends whatever is over by now.
func (m *Meeting) lapse(s *step, now time.Time) {
	for _, p := range m.leases.over(now) {
		if m.people[p.UserID] == p {
			m.expire(s, p, now)
		}
	}
	if ended(m.chairUntil, now) {
		m.chairLease(s, now)
	}
	for _, p := range m.onTheWay() {
		if p.status == Accepted && ended(p.grant.until, now) {
			m.move(s, p, change{to: OffStage, reason: ReasonExpired, reject: true}, now)
		}
	}
	m.watchTime(s, now)
}

// expire ends what of a user's lost connections has waited for a whole lease.
func (m *Meeting) expire(s *step, p *person, now time.Time) {
	if ended(p.pubUntil, now) {
		m.move(s, p, change{to: OffStage, reason: ReasonLeaseExpired}, now)
	}
	if ended(p.airUntil, now) {
		m.hush(s, p, now)
	}
	if len(p.conns) == 0 && ended(p.lostUntil, now) {
		m.remove(s, p, ReasonLeaseExpired, now)
	}
}

// Deadline gives the moment at which Tick is due next; ok is false when nothing
// waits.
func (m *Meeting) Deadline() (at time.Time, ok bool) {
	at = m.leases.next(m)
	for _, p := range m.live {
		if p.status == Accepted {
			at = earlier(at, p.grant.until)
		} else {
			at = earlier(at, m.nextPhase(p))
		}
	}
	at = earlier(at, m.chairUntil)
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

// waitFor has a user's leases looked at when they end.
func (m *Meeting) waitFor(p *person) {
	m.leases.add(p, p.pubUntil)
	if p.airUntil != p.pubUntil {
		m.leases.add(p, p.airUntil)
	}
	if p.lostUntil != p.pubUntil {
		m.leases.add(p, p.lostUntil)
	}
}
