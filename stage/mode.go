package stage

import (
	"slices"
	"time"
)

// how is what the record says of those whom the meeting's mode let in.
var modeHow = map[Mode]How{ModeFIFO: HowFIFO, ModeOpen: HowOpen, ModeOverride: HowOverride}

// hindrance tells what the extras have against an own method that its cell
// allows. The contract's codes have been checked.
func (m *Meeting) hindrance(p *person, method Method, cell Cell, now time.Time) *Error {
	switch {
	case method == Join && ended(p.grant.until, now): // its tick is due
		return refuse(CodeGrantExpired, "the grant ran out at %s", p.grant.until.UTC().Format(wireTime))
	case method == RequestAccess:
		return m.mayAsk(p, cell, now)
	default:
		return nil
	}
}

// mayAsk tells what stands against a new request: no place, no queue, no
// patience.
func (m *Meeting) mayAsk(p *person, cell Cell, now time.Time) *Error {
	atOnce := cell.To == Accepted || m.settings.Mode == ModeOpen || m.settings.Mode == ModeOverride
	if atOnce && !m.hasRoom() && m.longest() == nil {
		return refuse(CodeStageFull, "all %d places are taken", m.settings.StageLimit)
	}
	if cell.To == Accepted {
		return nil
	}
	if m.settings.RequestsClosed {
		return refuse(CodeQueueFull, "a host has closed the requests")
	}
	if !atOnce && !m.passesQueue() && m.settings.QueueLimit > 0 && len(m.queue) >= m.settings.QueueLimit {
		return refuse(CodeQueueFull, "%d wait already", len(m.queue))
	}
	if until := m.waits[p.UserID]; now.Before(until) {
		err := refuse(CodeTooSoon, "wait until %s", until.UTC().Format(wireTime))
		err.RetryAfter = until.Sub(now)
		return err
	}
	return nil
}

// passesQueue reports whether a new request is accepted without waiting.
func (m *Meeting) passesQueue() bool {
	switch m.settings.Mode {
	case ModeFIFO:
		return len(m.queue) == 0 && m.hasRoom()
	case ModeOpen, ModeOverride:
		return true
	default:
		return false
	}
}

// ask carries requestAccess out; mayAsk has allowed it.
func (m *Meeting) ask(s *step, p *person, cell Cell, now time.Time) {
	if cell.To == Requested && !m.passesQueue() {
		m.move(s, p, change{to: Requested, reason: cell.Reason}, now)
		return
	}
	if longest := m.longest(); longest != nil && !m.hasRoom() {
		m.move(s, longest, change{
			to: OffStage, reason: ReasonOverridden, remove: longest.status == OnStage, reject: longest.status == Accepted,
		}, now)
	}
	c := change{to: Accepted, reason: cell.Reason, grant: m.terms(HowAllowed, "", Targets{}, now)}
	if cell.To == Requested {
		c = m.byMode(now)
	}
	m.move(s, p, c, now)
}

// byMode is the change of one whom the mode lets in: an approval by nobody.
func (m *Meeting) byMode(now time.Time) change {
	return change{to: Accepted, reason: ReasonApproved, approve: true, grant: m.terms(modeHow[m.settings.Mode], "", Targets{}, now)}
}

// longest gives whose place a new request takes in mode override: the podium
// that has been on stage longest, or if none is, the one accepted first. Who is
// ALLOWED keeps the place. nil: nobody's.
func (m *Meeting) longest() *person {
	if m.settings.Mode != ModeOverride {
		return nil
	}
	var found *person
	for _, p := range m.onTheWay() {
		if p.Preset.StageAccess == Allowed || (found != nil && found.status == OnStage && p.status != OnStage) {
			continue
		}
		if found == nil || (p.status == OnStage && found.status != OnStage) || p.before(found) {
			found = p
		}
	}
	return found
}

// before reports whether a turn, or a grant, is older than another.
func (p *person) before(q *person) bool {
	if p.status == OnStage {
		return p.turn.since.Before(q.turn.since)
	}
	return p.grant.until.Before(q.grant.until)
}

// promote accepts from the queue while the mode lets it and a place is free.
func (m *Meeting) promote(s *step, now time.Time) {
	if m.settings.Mode == ModeRequest || !m.settings.StageEnabled {
		return
	}
	for len(m.queue) > 0 && m.hasRoom() {
		m.move(s, m.queue[0], m.byMode(now), now)
	}
}

// punish makes one who was rejected wait before the next request.
func (m *Meeting) punish(s *step, p *person, now time.Time) {
	if m.settings.RejectionWaitMs == 0 {
		return
	}
	for userID, until := range m.waits {
		if ended(until, now) {
			delete(m.waits, userID)
		}
	}
	until := now.Add(ms(m.settings.RejectionWaitMs))
	m.waits[p.UserID] = until
	s.out.Saved.Waits = slices.DeleteFunc(s.out.Saved.Waits, func(w SavedWait) bool { return w.UserID == p.UserID })
	s.out.Saved.Waits = append(s.out.Saved.Waits, SavedWait{UserID: p.UserID, Until: Time{until}})
}
