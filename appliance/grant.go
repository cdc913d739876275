package appliance

import (
	"slices"
	"time"

	"podium/stage"
)

// grant is what the server said of the turn to come, or of the one that runs.
type grant struct {
	stage.Approved
	until time.Time // of the speaker's press, by this podium's clock; zero: for ever
	is    bool
}

// granted takes a grant. An invitation is no answer to a press of ours.
func (s *State) granted(a stage.Approved, now time.Time) {
	s.grant = grant{Approved: a, is: true, until: s.pressUntil(a.ExpiresAt, now)}
	s.message, s.refusal = "", refusal{} // what was said before it is over
	if a.Invited {
		s.consent = false
	}
}

// pressUntil gives the end of a grant by this podium's own clock, which may be
// far from the server's: a grant lasts as long as the meeting's settings say.
func (s *State) pressUntil(end *stage.Time, now time.Time) time.Time {
	switch {
	case end == nil:
		return time.Time{}
	case s.grantLasts > 0:
		return now.Add(s.grantLasts)
	default:
		return end.Time
	}
}

// recall takes from the answer to meeting.join what stands of a grant. How long
// it has run already is known only for one that was known before; known tells that
// it was. Grants are told apart by their ends: one without an end is never known.
func (s *State) recall(t *stage.TurnState, now time.Time) (known bool) {
	before := s.grant
	s.grant = grant{}
	if t == nil {
		return false
	}
	s.grant = grant{
		Approved: stage.Approved{Invited: t.Invited, ExpiresAt: t.ExpiresAt, Media: t.Media}, is: true,
		until: s.pressUntil(t.ExpiresAt, now),
	}
	switch {
	case t.ExpiresAt == nil:
	case before.ExpiresAt != nil && before.ExpiresAt.Equal(t.ExpiresAt.Time):
		s.grant.until, known = before.until, before.Invited == t.Invited
	case t.ExpiresAt.Before(s.grant.until):
		s.grant.until = t.ExpiresAt.Time
	}
	return known
}

// learn keeps what of the meeting's settings concerns this podium.
func (s *State) learn(settings stage.Settings) { s.grantLasts = length(settings.GrantExpiryMs) }

// Grant is what `podium status --json` says of a grant.
type Grant struct {
	Invited   bool          `json:"invited"`             // it wants a press whatever was pressed before
	Media     []stage.Media `json:"media"`               // what it covers
	ExpiresAt *stage.Time   `json:"expiresAt,omitempty"` // by the server's clock
	// RemainingMs is how long the press may take yet; absent where the grant
	// does not expire, or was used.
	RemainingMs int64 `json:"remainingMs,omitempty"`
}

// view gives the grant while it stands.
func (g grant) view(status stage.Status, now time.Time) *Grant {
	if !g.is || (status != stage.Accepted && status != stage.OnStage) {
		return nil
	}
	v := &Grant{Invited: g.Invited, Media: append([]stage.Media{}, slices.Clone(g.Media)...), ExpiresAt: g.ExpiresAt}
	if status == stage.Accepted && !g.until.IsZero() {
		v.RemainingMs = max(0, g.until.Sub(now).Milliseconds())
	}
	return v
}
