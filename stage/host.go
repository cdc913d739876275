package stage

import "time"

// Actor is one who decides for others.
type Actor struct {
	UserID      string
	DisplayName string
	Preset      Preset
}

// MayHost checks the right to decide for others: 2003, then 2001.
func (m *Meeting) MayHost(a Actor, method Method) *Error {
	if !m.settings.StageEnabled || !a.Preset.StageEnabled {
		return refuse(CodeStageDisabled, "%s", method)
	}
	if !a.Preset.AcceptStageRequests {
		return refuse(CodePermissionDenied, "%s needs a preset that accepts stage requests", method)
	}
	return nil
}

// Host carries out a host method on several users as one step, and answers for
// each in the order asked, a duplicate once. A target that does not change
// answers OK.
func (m *Meeting) Host(a Actor, method Method, t Targets, now time.Time) ([]TargetResult, Outcome, *Error) {
	if err := m.MayHost(a, method); err != nil {
		return nil, Outcome{}, err
	}
	if _, ok := hostRows[method]; !ok {
		return nil, Outcome{}, refuse(CodeNotImplemented, "%s", method)
	}
	var s step
	results := make([]TargetResult, 0, len(t.UserIDs))
	for _, id := range distinct(t.UserIDs) {
		changed, err := m.decide(&s, a, method, id, t, now)
		if err != nil {
			results = append(results, failed(id, err))
			continue
		}
		results = append(results, TargetResult{UserID: id, OK: true, Changed: changed})
	}
	return results, m.finish(&s, now), nil
}

// decide does a host method to one target.
func (m *Meeting) decide(s *step, a Actor, method Method, userID string, t Targets, now time.Time) (changed bool, _ *Error) {
	p := m.people[userID]
	if p == nil {
		return false, unknown(userID)
	}
	if !p.Preset.StageEnabled {
		return false, refuse(CodeStageDisabled, "for %q", userID)
	}
	cell, _ := HostCell(method, p.status, p.Preset.StageAccess)
	switch {
	case cell.Err == CodePermissionDenied:
		return false, refuse(cell.Err, "%q may not get on stage", userID)
	case t.Expect != "" && t.Expect != p.status:
		return false, refuse(CodeWrongStatus, "%q is %s, not %s any more", userID, p.status, t.Expect)
	case cell.Err != 0:
		return false, refuse(cell.Err, "%s on %q while %s; use %s", method, userID, p.status, Kick)
	case cell.To == "":
		return false, nil
	case cell.To == Accepted && !m.hasRoom():
		return false, refuse(CodeStageFull, "all %d places are taken", m.settings.StageLimit)
	}
	c := change{to: cell.To, reason: cell.Reason, by: a.UserID, reject: cell.Reject, remove: cell.Remove}
	if cell.To == Accepted {
		c.approve, c.grant = true, m.terms(hostHow[cell.Reason], a.UserID, t, now)
	}
	m.move(s, p, c, now)
	return true, nil
}

// hostHow is what the record says of those whom a host let in.
var hostHow = map[Reason]How{ReasonApproved: HowApproved, ReasonInvited: HowInvited}
