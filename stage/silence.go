package stage

import (
	"slices"
	"time"
)

// Lost tells that a connection broke that was heard a moment ago. The status stays
// until the lease ends.
func (m *Meeting) Lost(peerID string, now time.Time) Outcome { return m.Silent(peerID, now, now) }

// Silent tells that a connection is gone that was last heard at heard. The silence
// has its lease first, and the status another one from the loss on. Media has only
// the first: nothing goes out in the name of one who was not heard for a lease,
// whatever the media path still does. The turn stands meanwhile, and a publisher
// who comes back in time asks for a new place in it.
func (m *Meeting) Silent(peerID string, heard, now time.Time) Outcome {
	var s step
	m.lose(&s, peerID, heard, now)
	return m.finish(&s, now)
}

// lose takes a connection out, and ends what its silence has outlasted already.
func (m *Meeting) lose(s *step, peerID string, heard, now time.Time) {
	p := m.drop(s, peerID)
	if p == nil {
		return
	}
	silent := heard.Add(m.opts.Lease)
	until := sooner(silent, now).Add(m.opts.Lease)
	if p.lostUntil.Before(until) {
		p.lostUntil = until
	}
	if p.publisher == peerID {
		p.pubUntil, p.airUntil = until, silent
	}
	if len(p.conns) == 0 || p.publisher == peerID {
		m.waitFor(p)
	}
	m.expire(s, p, now)
}

// hold gives the turn to a connection of the user's that is here; empty: there is
// no turn.
func (p *person) hold(s *step, peerID string) {
	p.publisher, p.pubUntil, p.airUntil = peerID, time.Time{}, time.Time{}
	device := ""
	for _, c := range p.conns {
		if c.PeerID == peerID {
			device = c.Device
		}
	}
	if device != p.device {
		p.device = device
		s.save(p)
	}
}

// mayInherit reports whether a new connection is taken for the lost publisher's. One
// of another device is a twin with the same token: it would give the turn up, or let it
// stand empty. Who does not say which device it is counts as the same one.
func (p *person) mayInherit(peer Peer) bool {
	return p.device == peer.Device || p.device == "" || peer.Device == ""
}

// evict has a user's media cut, once however many reasons one step has for it.
func (s *step) evict(userID string) {
	if !slices.Contains(s.out.Evict, userID) {
		s.out.Evict = append(s.out.Evict, userID)
	}
}

// hush cuts the media of a turn that goes on.
func (m *Meeting) hush(s *step, p *person, now time.Time) {
	p.airUntil = time.Time{}
	s.evict(p.UserID)
	if p.turn.onAir() {
		p.turn.setOnAir(false, now)
		s.save(p)
		s.all(EventParticipantOnAir, ParticipantUpdate{m.view(p)})
	}
}

// Slept tells that the machine has just slept for d, of which the clock that now
// comes from (Go's monotonic one) knows nothing. For the rules it was silence:
// every lease, grant and speaking time is so much nearer to its end, and what is
// over by that ends at once. Nobody was heard meanwhile, so a sleep of a lease or
// more has lost every connection.
func (m *Meeting) Slept(d time.Duration, now time.Time) Outcome {
	if d <= 0 {
		return Outcome{}
	}
	var s step
	m.age(&s, d, now)
	if d >= m.opts.Lease {
		for _, peerID := range m.connected() {
			m.lose(&s, peerID, now.Add(-d), now)
		}
	}
	m.lapse(&s, now)
	return m.finish(&s, now)
}

// connected lists the connections by user and, of one user, by age.
func (m *Meeting) connected() (peerIDs []string) {
	for _, p := range m.people {
		for _, c := range p.conns {
			peerIDs = append(peerIDs, c.PeerID)
		}
	}
	slices.SortStableFunc(peerIDs, func(a, b string) int { return byUserID(m.peers[a], m.peers[b]) })
	return peerIDs
}

// age moves every moment that something waits for, or is counted from, d nearer to
// the past.
func (m *Meeting) age(s *step, d time.Duration, now time.Time) {
	m.leases = nil
	for _, p := range m.people {
		for _, t := range []*time.Time{
			&p.lostUntil, &p.pubUntil, &p.airUntil, &p.grant.until, &p.turn.since, &p.turn.runs,
		} {
			*t = aged(*t, d, now)
		}
		m.waitFor(p)
		if p.status != OffStage {
			s.save(p)
		}
	}
	for userID, until := range m.waits {
		m.waits[userID] = aged(until, d, now)
		s.out.Saved.Waits = append(s.out.Saved.Waits, SavedWait{UserID: userID, Until: Time{m.waits[userID]}})
	}
	m.chairUntil = aged(m.chairUntil, d, now)
}

// aged gives the moment that is as far from now as t was, and d further back. It is
// counted from now, so that it tells the time of day by today's wall clock.
func aged(t time.Time, d time.Duration, now time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return now.Add(t.Sub(now) - d)
}
