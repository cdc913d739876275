package stage

import (
	"slices"
	"time"
)

// Settings gives what holds for the meeting now.
func (m *Meeting) Settings() Settings { return m.settings.normal() }

// UpdateSettings changes some settings while the meeting runs; the patch must
// have passed its Check. The error is 2001: it is allowed while the stage is
// disabled, or nobody could enable it again.
func (m *Meeting) UpdateSettings(a Actor, p SettingsPatch, now time.Time) (Settings, Outcome, *Error) {
	if !a.Preset.AcceptStageRequests {
		return Settings{}, Outcome{}, refuse(CodePermissionDenied, "%s needs a preset that accepts stage requests", UpdateSettings)
	}
	next := m.settings.with(p)
	if next.equal(m.settings) {
		return next, Outcome{}, nil
	}
	var s step
	m.settings = next
	saved := next.normal()
	s.out.Saved.Settings = &saved
	s.later = append(s.later, Notice{To: ToAll, Event: EventSettings, Params: SettingsUpdate{Settings: saved, By: a.UserID}})
	if !next.StageEnabled {
		m.vacate(&s, a.UserID, now)
	}
	m.capWaits(now)
	m.retime(&s, now)
	return saved, m.finish(&s, now), nil
}

// capWaits lets nobody wait longer than one who is rejected now.
func (m *Meeting) capWaits(now time.Time) {
	limit := now.Add(ms(m.settings.RejectionWaitMs))
	for userID, until := range m.waits {
		m.waits[userID] = sooner(until, limit)
	}
}

// vacate takes everybody off the stage and out of the queue.
func (m *Meeting) vacate(s *step, by string, now time.Time) {
	for _, p := range append(m.onTheWay(), slices.Clone(m.queue)...) {
		m.move(s, p, change{
			to: OffStage, reason: ReasonStageDisabled, by: by, remove: p.status == OnStage, reject: p.status != OnStage,
		}, now)
	}
}

// retime carries a new speaking time to those who are on stage.
func (m *Meeting) retime(s *step, now time.Time) {
	for _, p := range m.onTheWay() {
		if p.status == OnStage && p.turn.toldLimit != m.limitMs(p) {
			s.others(p, EventParticipant, ParticipantUpdate{m.view(p)})
		}
	}
	m.watchTime(s, now)
}

// GrantNext approves the first of the queue, and answers for that one; for
// nobody when nobody waits.
func (m *Meeting) GrantNext(a Actor, t Targets, now time.Time) ([]TargetResult, Outcome, *Error) {
	if err := m.MayHost(a, GrantNext); err != nil {
		return nil, Outcome{}, err
	}
	t.UserIDs = nil
	if len(m.queue) > 0 {
		t.UserIDs = []string{m.queue[0].UserID}
	}
	return m.Host(a, GrantAccess, t, now)
}

// ClearRequests turns everybody down who waits. It is no rejection: nobody has
// to wait after it.
func (m *Meeting) ClearRequests(a Actor, now time.Time) ([]TargetResult, Outcome, *Error) {
	if err := m.MayHost(a, ClearRequests); err != nil {
		return nil, Outcome{}, err
	}
	var s step
	results := []TargetResult{}
	for _, p := range slices.Clone(m.queue) {
		m.move(&s, p, change{to: OffStage, reason: ReasonCleared, by: a.UserID, reject: true}, now)
		results = append(results, TargetResult{UserID: p.UserID, OK: true, Changed: true})
	}
	return results, m.finish(&s, now), nil
}

// Identify makes podiums show which they are. It changes no state: a podium
// ends it by its own clock.
func (m *Meeting) Identify(a Actor, params IdentifyParams, now time.Time) ([]TargetResult, Outcome, *Error) {
	if !a.Preset.AcceptStageRequests {
		return nil, Outcome{}, refuse(CodePermissionDenied, "%s needs a preset that accepts stage requests", Identify)
	}
	length := int64(IdentifyMs)
	if params.DurationMs != nil {
		length = max(0, min(*params.DurationMs, IdentifyMs))
	}
	var s step
	results := []TargetResult{}
	for _, id := range distinct(params.UserIDs) {
		result := TargetResult{UserID: id, OK: true, Changed: true}
		if p := m.people[id]; p != nil {
			s.user(p, EventIdentify, Identification{DurationMs: length, By: a.UserID})
		} else {
			result = failed(id, unknown(id))
		}
		results = append(results, result)
	}
	return results, m.finish(&s, now), nil
}

// distinct keeps the first of equal ids.
func distinct(ids []string) []string {
	seen := make(map[string]bool, len(ids))
	kept := make([]string, 0, len(ids))
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			kept = append(kept, id)
		}
	}
	return kept
}

func failed(userID string, err *Error) TargetResult {
	return TargetResult{UserID: userID, Code: err.Code, Message: err.Error()}
}

func unknown(userID string) *Error {
	return refuse(CodeUnknownUser, "%q is not in the meeting", userID)
}
