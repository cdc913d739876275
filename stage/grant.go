package stage

import (
	"cmp"
	"slices"
	"time"
)

// grant is what somebody was given to get on stage with.
type grant struct {
	how   How
	by    string // the granting host's userId; empty: no host did
	media []Media
	until time.Time // of the join; zero: it does not expire
	limit *int64    // the grant's own speaking time in ms; nil: the meeting's
}

// terms make a grant with the meeting's settings, and what one grant says in
// their place.
func (m *Meeting) terms(how How, by string, t Targets, now time.Time) grant {
	g := grant{how: how, by: by, media: m.settings.Media, limit: t.SpeakingTimeMs}
	if len(t.Media) > 0 {
		g.media = bothIfNone(t.Media)
	}
	if m.settings.GrantExpiryMs > 0 {
		g.until = now.Add(ms(m.settings.GrantExpiryMs))
	}
	return g
}

// GrantedMedia gives what a user's granted or running turn covers, nil for one
// who has none.
func (m *Meeting) GrantedMedia(userID string) []Media {
	if p := m.live[userID]; p != nil {
		return slices.Clone(p.grant.media)
	}
	return nil
}

// hasRoom reports whether one more may be let on stage. Who is ACCEPTED has a
// place already: an approval never meets a full stage at its join.
func (m *Meeting) hasRoom() bool {
	return m.settings.StageLimit == 0 || len(m.live) < m.settings.StageLimit
}

func byUserID(a, b *person) int { return cmp.Compare(a.UserID, b.UserID) }

// onTheWay lists who is ACCEPTED or ON_STAGE, by userId.
func (m *Meeting) onTheWay() []*person {
	list := make([]*person, 0, len(m.live))
	for _, p := range m.live {
		list = append(list, p)
	}
	slices.SortFunc(list, byUserID)
	return list
}

// turnState is what others see of a grant and of the turn made of it.
func (m *Meeting) turnState(p *person) *TurnState {
	if p.status != Accepted && p.status != OnStage {
		return nil
	}
	t := &TurnState{
		Invited: p.grant.how == HowInvited, By: p.grant.by, Media: slices.Clone(p.grant.media),
		ExpiresAt: wire(p.grant.until), Suspended: p.turn.suspended,
	}
	if p.status == OnStage {
		t.OnStageAt, t.EndsAt = wire(p.turn.since), wire(m.endsAt(p))
	}
	return t
}

// wire gives a moment as it travels, nil for none.
func wire(t time.Time) *Time {
	if t.IsZero() {
		return nil
	}
	return &Time{t}
}

// since gives when the person has asked, nil for one who does not wait.
func (p *person) since() *Time {
	if p.status != Requested {
		return nil
	}
	return &Time{p.requestedAt}
}
