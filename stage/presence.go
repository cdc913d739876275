package stage

import (
	"slices"
	"time"
)

// Join lets one connection in. A user who comes back within the lease finds
// the status as it was; the server's value stands. One who comes back later is
// a new one, even where no Tick has said so yet.
func (m *Meeting) Join(peer Peer, now time.Time) (Joined, Outcome) {
	var s step
	if p := m.people[peer.UserID]; p != nil {
		m.expire(&s, p, now)
	}
	p := m.people[peer.UserID]
	if p == nil {
		p = m.welcome(&s, peer)
	} else {
		wasListed := p.Preset.Listed
		p.Peer = peer
		m.renamed(&s, p, wasListed)
	}
	p.conns = append(p.conns, peer)
	p.lostUntil = time.Time{}
	if !p.pubUntil.IsZero() && p.mayInherit(peer) { // the publisher is back
		p.hold(&s, peer.PeerID)
	}
	m.peers[peer.PeerID] = p
	m.greet(&s, p, peer.PeerID, now)
	joined := m.joined(p, peer)
	return joined, m.finish(&s, now)
}

// Rejoin answers a repeated join of a connection that is in the meeting. It
// changes nothing, and tells the status as every join does.
func (m *Meeting) Rejoin(peerID string, now time.Time) (Joined, Outcome) {
	var s step
	p := m.peers[peerID]
	m.greet(&s, p, peerID, now)
	return m.joined(p, Peer{PeerID: peerID, Preset: p.preset(peerID)}), m.finish(&s, now)
}

// greet tells a connection that has joined where its user stands, in the queue
// and in the speaking time.
func (m *Meeting) greet(s *step, p *person, peerID string, now time.Time) {
	s.peer(peerID, EventStatus, StatusUpdate{
		Status: p.status, Previous: p.status, Reason: ReasonJoined, Position: p.position, RequestedAt: p.since(),
	})
	if p.status == OnStage && p.turn.toldLimit > 0 {
		s.peer(peerID, EventTime, m.timeUpdate(p, now))
	}
}

func (m *Meeting) joined(p *person, peer Peer) Joined {
	j := Joined{
		Self:            m.view(p),
		Participants:    m.Participants(),
		ViewerCount:     m.viewers.count,
		LeaseMs:         m.opts.Lease.Milliseconds(),
		Settings:        m.Settings(),
		PublisherPeerID: p.publisher,
	}
	if m.priority.Held {
		held := m.priority
		j.Priority = &held
	}
	if peer.Preset.AcceptStageRequests {
		list := m.Requests()
		j.StageRequests = &list
	}
	return j
}

// Leave ends one connection on purpose. The user's status falls at once with
// the connection that publishes, or with the last one.
func (m *Meeting) Leave(peerID string, now time.Time) Outcome {
	var s step
	p := m.drop(&s, peerID)
	if p == nil {
		return Outcome{}
	}
	if p.publisher == peerID {
		m.move(&s, p, change{to: OffStage, reason: ReasonLeft}, now)
	}
	switch {
	case len(p.conns) > 0:
	case now.Before(p.lostUntil): // another connection of the user may yet come back
		m.waitFor(p)
	default:
		m.remove(&s, p, ReasonLeft, now)
	}
	return m.finish(&s, now)
}

// drop takes one connection out and gives its owner, nil when it is unknown.
// The newest of those that remain now stands for the user.
func (m *Meeting) drop(s *step, peerID string) *person {
	p := m.peers[peerID]
	if p == nil {
		return nil
	}
	delete(m.peers, peerID)
	p.conns = slices.DeleteFunc(p.conns, func(c Peer) bool { return c.PeerID == peerID })
	if n := len(p.conns); n > 0 && p.PeerID == peerID {
		wasListed := p.Preset.Listed
		p.Peer = p.conns[n-1]
		m.renamed(s, p, wasListed)
	}
	return p
}

// welcome makes a user who was not in the meeting.
func (m *Meeting) welcome(s *step, peer Peer) *person {
	p := &person{Peer: peer, status: OffStage}
	m.people[peer.UserID] = p
	if peer.Preset.Listed {
		m.listed = nil
		s.others(p, EventParticipantJoined, ParticipantUpdate{m.view(p)})
	} else {
		m.viewers.add(1)
	}
	return p
}

// renamed tells the others what it means to them that another connection now
// stands for a user: a new peerId in the queue, or another preset's listing.
func (m *Meeting) renamed(s *step, p *person, wasListed bool) {
	if p.status == Requested {
		s.queueChanged = true
	}
	if p.Preset.Listed || wasListed || p.status != OffStage {
		m.listed = nil
	}
	if p.status != OffStage {
		s.save(p)
	}
	switch {
	case p.Preset.Listed && !wasListed:
		m.viewers.add(-1)
		s.others(p, EventParticipantJoined, ParticipantUpdate{m.view(p)})
	case !p.Preset.Listed && wasListed:
		m.viewers.add(1)
		s.others(p, EventParticipantLeft, ParticipantUpdate{m.view(p)})
	}
}

// remove takes a user out of the meeting for good.
func (m *Meeting) remove(s *step, p *person, reason Reason, now time.Time) {
	m.move(s, p, change{to: OffStage, reason: reason}, now)
	if m.priority.Held && m.priority.UserID == p.UserID {
		m.release(s, "", now)
	}
	delete(m.people, p.UserID)
	if p.Preset.Listed {
		m.listed = nil
		s.others(p, EventParticipantLeft, ParticipantUpdate{m.view(p)})
	} else {
		m.viewers.add(-1)
	}
}
