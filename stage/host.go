package stage

import "time"

// Actor is one who decides for others.
type Actor struct {
	UserID string
	Preset Preset
}

// MayHost checks the right to decide for others: 2003, then 2001.
func (m *Meeting) MayHost(a Actor, method Method) *Error {
	if !m.opts.Settings.StageEnabled || !a.Preset.StageEnabled {
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
func (m *Meeting) Host(a Actor, method Method, userIDs []string, now time.Time) ([]TargetResult, Outcome, *Error) {
	if err := m.MayHost(a, method); err != nil {
		return nil, Outcome{}, err
	}
	if _, ok := hostRows[method]; !ok {
		return nil, Outcome{}, refuse(CodeNotImplemented, "%s", method)
	}
	var s step
	results := make([]TargetResult, 0, len(userIDs))
	seen := make(map[string]bool, len(userIDs))
	for _, id := range userIDs {
		if seen[id] {
			continue
		}
		seen[id] = true
		result := TargetResult{UserID: id, OK: true}
		if err := m.decide(&s, a, method, id, now); err != nil {
			result = TargetResult{UserID: id, Code: err.Code, Message: err.Error()}
		}
		results = append(results, result)
	}
	return results, m.finish(&s, now), nil
}

// decide does a host method to one target.
func (m *Meeting) decide(s *step, a Actor, method Method, userID string, now time.Time) *Error {
	p := m.people[userID]
	if p == nil {
		return refuse(CodeUnknownUser, "%q is not in the meeting", userID)
	}
	if !p.Preset.StageEnabled {
		return refuse(CodeStageDisabled, "for %q", userID)
	}
	cell, _ := HostCell(method, p.status, p.Preset.StageAccess)
	switch cell.Err {
	case 0:
	case CodePermissionDenied:
		return refuse(cell.Err, "%q may not get on stage", userID)
	default:
		return refuse(cell.Err, "%s on %q while %s; use %s", method, userID, p.status, Kick)
	}
	if cell.To != "" {
		m.move(s, p, change{to: cell.To, reason: cell.Reason, by: a.UserID, reject: cell.Reject, remove: cell.Remove}, now)
	}
	return nil
}
