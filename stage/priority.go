package stage

import "time"

// SetPriority takes a chair's priority for the actor, or ends whoever's: a
// chair whose script has died must not keep a hall silent. One holds it at a
// time. Errors: 2003, 2001, and 2006 while another holds it.
func (m *Meeting) SetPriority(a Actor, held bool, now time.Time) (Priority, Outcome, *Error) {
	if err := m.MayHost(a, SetPriority); err != nil {
		return Priority{}, Outcome{}, err
	}
	var s step
	switch {
	case held && m.priority.Held && m.priority.UserID != a.UserID:
		return Priority{}, Outcome{}, refuse(CodeWrongStatus, "%q holds priority", m.priority.UserID)
	case held && !m.priority.Held:
		m.take(&s, a, now)
	case !held && m.priority.Held:
		m.release(&s, a.UserID, now)
	}
	out := m.finish(&s, now)
	return m.priority, out, nil
}

// Silences reports whether a chair's priority silences the user: a turn that
// runs is suspended, one that begins now begins so, and needs no publishing place.
func (m *Meeting) Silences(userID string) bool {
	if p := m.live[userID]; p != nil && p.turn.suspended {
		return true
	}
	return m.priority.Held && m.priority.UserID != userID
}

// take silences all others on stage.
func (m *Meeting) take(s *step, a Actor, now time.Time) {
	m.setPriority(s, Priority{Held: true, UserID: a.UserID, DisplayName: a.DisplayName})
	for _, p := range m.onTheWay() {
		switch {
		case p.status != OnStage || p.UserID == a.UserID:
		case m.settings.Priority == PriorityRemove:
			m.move(s, p, change{to: OffStage, reason: ReasonPriority, by: a.UserID, remove: true}, now)
		default:
			m.suspend(s, p, true, a.UserID, now)
		}
	}
}

// release lets those go on who were silenced.
func (m *Meeting) release(s *step, by string, now time.Time) {
	m.setPriority(s, Priority{})
	for _, p := range m.onTheWay() {
		if p.turn.suspended {
			m.suspend(s, p, false, by, now)
		}
	}
}

// chairLease ends a priority that an earlier process has left, if the chair has
// not come back.
func (m *Meeting) chairLease(s *step, now time.Time) {
	m.chairUntil = time.Time{}
	if m.priority.Held && !m.Has(m.priority.UserID) {
		m.release(s, "", now)
	}
}

func (m *Meeting) setPriority(s *step, p Priority) {
	m.priority = p
	saved := p
	s.out.Saved.Priority = &saved
	s.later = append(s.later, Notice{To: ToAll, Event: EventPriority, Params: p})
}

// suspend silences a turn that goes on, or ends the silence. The media is cut:
// to go on, the participant publishes anew within the same turn.
func (m *Meeting) suspend(s *step, p *person, suspended bool, by string, now time.Time) {
	p.turn.suspended = suspended
	p.turn.rest(suspended, now)
	if suspended {
		p.turn.setOnAir(false, now)
		s.evict(p.UserID)
	}
	s.save(p)
	s.user(p, EventSuspended, Suspended{Suspended: suspended, By: by})
	m.tellTime(s, p, now)
	s.others(p, EventParticipant, ParticipantUpdate{m.view(p)})
}
