package stage

import (
	"slices"
	"time"
)

// limitMs gives the speaking time of a person's turn in ms; 0: without end.
func (m *Meeting) limitMs(p *person) int64 {
	if p.grant.limit != nil {
		return *p.grant.limit
	}
	return m.settings.SpeakingTimeMs
}

// endsAt gives the end of the speaking time, zero where there is none in sight.
func (m *Meeting) endsAt(p *person) time.Time {
	limit := m.limitMs(p)
	if limit == 0 || p.status != OnStage || p.turn.runs.IsZero() {
		return time.Time{}
	}
	return p.turn.runs.Add(ms(limit) - p.turn.spoken)
}

// phase tells where a speaker stands in the speaking time.
func (m *Meeting) phase(p *person, now time.Time) TimePhase {
	switch end := m.endsAt(p); {
	case m.limitMs(p) == 0:
		return TimeUnlimited
	case end.IsZero():
		return TimePaused
	case !now.Before(end):
		return TimeOver
	case !now.Before(end.Add(-ms(m.settings.SpeakingWarningMs))):
		return TimeWarning
	default:
		return TimeRunning
	}
}

// nextPhase gives the moment at which the phase last told gives way to another,
// zero when it does not by itself.
func (m *Meeting) nextPhase(p *person) time.Time {
	switch end := m.endsAt(p); {
	case end.IsZero() || p.turn.told == TimeOver:
		return time.Time{}
	case p.turn.told == TimeRunning:
		return end.Add(-ms(m.settings.SpeakingWarningMs))
	default:
		return end
	}
}

// watchTime tells every speaker a new phase of the speaking time, and ends what
// is over where the settings say so.
func (m *Meeting) watchTime(s *step, now time.Time) {
	for _, p := range m.onTheWay() {
		if p.status != OnStage {
			continue
		}
		m.tellTime(s, p, now)
		if p.turn.told == TimeOver && m.settings.SpeakingEnd == EndOff {
			m.move(s, p, change{to: OffStage, reason: ReasonTimeOver, remove: true}, now)
		}
	}
}

// tellTime tells one speaker the phase, if it or the limit differs from what
// was told last. That a turn has no end needs no word at its beginning.
func (m *Meeting) tellTime(s *step, p *person, now time.Time) {
	phase, limit := m.phase(p, now), m.limitMs(p)
	if phase == p.turn.told && limit == p.turn.toldLimit {
		return
	}
	first := p.turn.told == ""
	p.turn.told, p.turn.toldLimit = phase, limit
	if !first || phase != TimeUnlimited {
		s.user(p, EventTime, m.timeUpdate(p, now))
	}
}

func (m *Meeting) timeUpdate(p *person, now time.Time) TimeUpdate {
	u := TimeUpdate{Phase: p.turn.told, LimitMs: p.turn.toldLimit, EndsAt: wire(m.endsAt(p))}
	if u.LimitMs > 0 {
		u.RemainingMs = u.LimitMs - p.turn.spent(now).Milliseconds()
	}
	return u
}

func sortByTime(list []Entry) {
	slices.SortStableFunc(list, func(a, b Entry) int { return a.OnStageAt.Compare(b.OnStageAt.Time) })
}
