package stage

import (
	"slices"
	"time"
)

// step collects what one call of the rules brings about, so that it goes out as
// one: no observer sees half of it, and the hosts' list is sent once.
type step struct {
	out          Outcome
	queueChanged bool
	grown        []*person // who joined the queue in this step
	begun        []*person // who joined the stage in this step
	dirty        []*person // who is to be stored
	later        []Notice  // for everybody else, behind the hosts' list
}

// change is one status change of one participant.
type change struct {
	to     Status
	reason Reason
	by     string // acting host's userId; empty: the participant
	reject bool
	remove bool
	// approve tells the participant; grant is what for. To ACCEPTED only.
	approve bool
	grant   grant
}

// move is the only place where a status changes.
func (m *Meeting) move(s *step, p *person, c change, now time.Time) {
	previous := p.status
	if previous == c.to {
		return
	}
	if previous == OnStage {
		m.end(s, p, c, now)
	}
	p.status, m.listed = c.to, nil
	m.requeue(s, p, previous, now)
	m.place(s, p, c, now)
	if c.reason == ReasonRejected {
		m.punish(s, p, now)
	}
	s.save(p)
	s.outcomeFor(p, c)
	s.user(p, EventStatus, StatusUpdate{
		Status: c.to, Previous: previous, Reason: c.reason, By: c.by, Position: p.position, RequestedAt: p.since(),
	})
	told := ParticipantStatus{Participant: m.view(p), Previous: previous, Status: c.to}
	toHosts := told
	toHosts.Reason, toHosts.By = c.reason, c.by
	s.later = append(s.later, Notice{
		To: ToOthers, UserID: p.UserID, Event: EventParticipantStatus, Params: told, HostParams: toHosts,
	})
}

// place keeps the grant and the turn in line with the new status.
func (m *Meeting) place(s *step, p *person, c change, now time.Time) {
	switch c.to {
	case Accepted:
		p.grant = c.grant
		m.live[p.UserID] = p
	case OnStage:
		m.begin(s, p, now)
	default:
		p.grant = grant{}
		delete(m.live, p.UserID)
	}
}

// outcomeFor adds the notice that says what was decided about the participant;
// it goes out before the status.
func (s *step) outcomeFor(p *person, c change) {
	switch {
	case c.reject:
		s.user(p, EventRejected, Rejected{Reason: c.reason})
	case c.remove:
		s.user(p, EventRemoved, Removed{Reason: c.reason, By: c.by})
	case c.approve:
		s.user(p, EventApproved, Approved{
			Invited: c.grant.how == HowInvited, ExpiresAt: wire(c.grant.until), Media: slices.Clone(c.grant.media),
		})
	}
}

// requeue keeps the queue in request order.
func (m *Meeting) requeue(s *step, p *person, previous Status, now time.Time) {
	switch {
	case p.status == Requested:
		m.ordered++
		p.requestedAt, p.order = now, m.ordered
		m.queue = append(m.queue, p)
		p.position = len(m.queue)
		s.grown = append(s.grown, p)
		s.queueChanged = true
	case previous == Requested:
		m.queue = slices.DeleteFunc(m.queue, func(q *person) bool { return q == p })
		p.position, p.order = 0, 0
		s.queueChanged = true
	}
}

// finish closes the step and gives its outcome in the contract's order: the
// ones concerned, the hosts, all others.
func (m *Meeting) finish(s *step, now time.Time) Outcome {
	m.promote(s, now)
	for _, p := range s.begun {
		if p.status == OnStage {
			m.tellTime(s, p, now)
		}
	}
	if s.queueChanged {
		m.tellPositions(s)
		s.add(Notice{To: ToHosts, Event: EventAccessRequests, Params: RequestList{m.Requests()}})
	}
	for _, p := range s.grown {
		if at := slices.Index(m.queue, p); at >= 0 {
			s.add(Notice{To: ToHosts, Event: EventNewRequest, Params: NewRequest{Count: len(m.queue), Request: p.request(at + 1)}})
		}
	}
	s.out.Notices = append(s.out.Notices, s.later...)
	if count, due := m.viewers.due(now); due {
		s.all(EventViewerCount, ViewerCount{Count: count})
	}
	if len(s.dirty) > 0 || s.out.Saved.Settings != nil {
		m.listed = nil // a turn changed, or its end
	}
	for _, p := range s.dirty {
		s.out.Saved.People = append(s.out.Saved.People, p.saved())
	}
	return s.out
}

// tellPositions tells those who moved up while waiting.
func (m *Meeting) tellPositions(s *step) {
	for i, p := range m.queue {
		if p.position != i+1 {
			p.position = i + 1
			s.user(p, EventPosition, Position{p.position})
		}
	}
}

func (s *step) add(n Notice) { s.out.Notices = append(s.out.Notices, n) }

func (s *step) user(p *person, e Event, params any) {
	s.add(Notice{To: ToUser, UserID: p.UserID, Event: e, Params: params})
}

func (s *step) peer(peerID string, e Event, params any) {
	s.add(Notice{To: ToPeer, PeerID: peerID, Event: e, Params: params})
}

func (s *step) others(p *person, e Event, params any) {
	s.later = append(s.later, Notice{To: ToOthers, UserID: p.UserID, Event: e, Params: params})
}

func (s *step) all(e Event, params any) { s.add(Notice{To: ToAll, Event: e, Params: params}) }
