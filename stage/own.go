package stage

import "time"

// Check tells whether an own method would be accepted now, without doing it:
// what has to succeed outside first (an engine's admission) is tried between
// Check and Own, so that no status is stored before the step is real.
func (m *Meeting) Check(peerID string, method Method, now time.Time) *Error {
	_, _, err := m.lookUp(peerID, method, now)
	return err
}

// Own carries out one of a participant's own methods and gives the status that
// then holds, without a publishing place: that is the engine's.
func (m *Meeting) Own(peerID string, method Method, now time.Time) (StatusResult, Outcome, *Error) {
	p, cell, err := m.lookUp(peerID, method, now)
	if err != nil {
		return StatusResult{}, Outcome{}, err
	}
	var s step
	switch {
	case method == RequestAccess:
		m.ask(&s, p, cell, now)
	case cell.To != "":
		m.move(&s, p, change{to: cell.To, reason: cell.Reason}, now)
	}
	if p.status == OnStage { // Join and Publish: the turn is this connection's
		p.hold(&s, peerID)
	}
	out := m.finish(&s, now)
	return StatusResult{Status: p.status, Suspended: p.turn.suspended}, out, nil
}

// lookUp checks in the contract's order: 2005, 2003, 2001, 2006, then the rest.
// The rights are those of the calling connection's own token.
func (m *Meeting) lookUp(peerID string, method Method, now time.Time) (*person, Cell, *Error) {
	p := m.peers[peerID]
	if p == nil {
		return nil, Cell{}, refuse(CodeNotJoined, "call %s first", MeetingJoin)
	}
	preset := p.preset(peerID)
	if !m.settings.StageEnabled || !preset.StageEnabled {
		return nil, Cell{}, refuse(CodeStageDisabled, "%s", method)
	}
	cell, ok := OwnCell(method, p.status, preset.StageAccess)
	if !ok {
		return nil, Cell{}, refuse(CodeNotImplemented, "%s", method)
	}
	switch cell.Err {
	case 0:
		return p, cell, m.hindrance(p, method, cell, now)
	case CodePermissionDenied:
		return nil, Cell{}, refuse(cell.Err, "%s needs a preset that may get on stage", method)
	default:
		return nil, Cell{}, refuse(cell.Err, "%s while %s", method, p.status)
	}
}

// preset gives the rights of one connection, which may be narrower than those
// of the user's newest one.
func (p *person) preset(peerID string) Preset {
	for _, c := range p.conns {
		if c.PeerID == peerID {
			return c.Preset
		}
	}
	return p.Preset
}
