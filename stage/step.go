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
	later        []Notice  // for everybody else, behind the hosts' list
}

// change is one status change of one participant.
type change struct {
	to     Status
	reason Reason
	by     string // acting host's userId; empty: the participant
	reject bool
	remove bool
}

// move is the only place where a status changes.
func (m *Meeting) move(s *step, p *person, c change, now time.Time) {
	previous := p.status
	if previous == c.to {
		return
	}
	p.status = c.to
	m.requeue(s, p, previous, now)
	if previous == OnStage {
		p.onAir, p.publisher, p.pubUntil = false, "", time.Time{}
		s.out.Evict = append(s.out.Evict, p.UserID)
	}
	s.outcomeFor(p, c)
	s.user(p, EventStatus, StatusUpdate{Status: c.to, Previous: previous, Reason: c.reason, By: c.by, Position: p.position})
	s.later = append(s.later, Notice{
		To: ToOthers, UserID: p.UserID, Event: EventParticipantStatus,
		Params: ParticipantStatus{Participant: p.view(), Previous: previous, Status: c.to},
	})
}

// outcomeFor adds the notice that says what was decided about the participant;
// it goes out before the status.
func (s *step) outcomeFor(p *person, c change) {
	switch {
	case c.reject:
		s.user(p, EventRejected, Rejected{Reason: c.reason})
	case c.remove:
		s.user(p, EventRemoved, Removed{Reason: c.reason, By: c.by})
	case c.to == Accepted && c.by != "":
		s.user(p, EventApproved, Approved{Invited: c.reason == ReasonInvited, Media: []Media{Audio, Video}})
	}
}

// requeue keeps the queue in request order.
func (m *Meeting) requeue(s *step, p *person, previous Status, now time.Time) {
	switch {
	case p.status == Requested:
		p.requestedAt = now
		m.queue = append(m.queue, p)
		p.position = len(m.queue)
		s.grown = append(s.grown, p)
		s.queueChanged = true
	case previous == Requested:
		m.queue = slices.DeleteFunc(m.queue, func(q *person) bool { return q == p })
		p.position = 0
		s.queueChanged = true
	}
}

// finish closes the step and gives its outcome in the contract's order: the
// ones concerned, the hosts, all others.
func (m *Meeting) finish(s *step, now time.Time) Outcome {
	if s.queueChanged {
		m.tellPositions(s)
		s.add(Notice{To: ToHosts, Event: EventAccessRequests, Params: RequestList{m.Requests()}})
	}
	for _, p := range s.grown {
		at := slices.Index(m.queue, p)
		s.add(Notice{To: ToHosts, Event: EventNewRequest, Params: NewRequest{Count: len(m.queue), Request: p.request(at + 1)}})
	}
	s.out.Notices = append(s.out.Notices, s.later...)
	if count, due := m.viewers.due(now); due {
		s.all(EventViewerCount, ViewerCount{Count: count})
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
