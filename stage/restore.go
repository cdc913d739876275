package stage

import (
	"cmp"
	"slices"
	"time"
)

// save has the person stored at the end of the step.
func (s *step) save(p *person) {
	if !slices.Contains(s.dirty, p) {
		s.dirty = append(s.dirty, p)
	}
}

// saved gives what of a person outlives the process.
func (p *person) saved() SavedPerson {
	if p.status == OffStage {
		return SavedPerson{UserID: p.UserID, Status: OffStage}
	}
	r := p.turn
	return SavedPerson{
		UserID: p.UserID, DisplayName: p.DisplayName, PeerID: p.PeerID, Preset: p.Preset, Status: p.status,
		Order: p.order, RequestedAt: p.since(),
		How: p.grant.how, LetInBy: p.grant.by, Media: slices.Clone(p.grant.media), ExpiresAt: wire(p.grant.until), LimitMs: p.grant.limit,
		OnStageAt: wire(r.since), SpokenMs: r.spoken.Milliseconds(), RunningAt: wire(r.runs),
		OnAirMs: r.aired.Milliseconds(), Suspended: r.suspended, Device: p.device,
	}
}

// Restore makes the meeting anew that an earlier process has saved: statuses,
// the queue's order and its ages stand. Nobody is connected, so everybody is
// given a lease from now on. saved.Settings stand in place of o.Settings.
//
// The wall clock may have jumped meanwhile: nothing lies in the future that was
// past, and nothing waits longer than it would from now. From here on it does not
// count: every moment is measured from now, and so by the clock that now carries.
func Restore(o Options, saved Saved, now time.Time) *Meeting {
	if saved.Settings != nil {
		o.Settings = *saved.Settings
	}
	m := NewMeeting(o)
	m.viewers.next = now // those among the restored are still to be told
	if saved.Priority != nil {
		m.priority = *saved.Priority
		if m.priority.Held {
			m.chairUntil = now.Add(o.Lease)
		}
	}
	for _, w := range saved.Waits {
		if limit := now.Add(ms(m.settings.RejectionWaitMs)); now.Before(w.Until.Time) {
			m.waits[w.UserID] = sooner(aged(w.Until.Time, 0, now), limit)
		}
	}
	newest := map[string]int{} // by userId: a later one replaces the former
	for i, sp := range saved.People {
		newest[sp.UserID] = i
	}
	for i, sp := range saved.People {
		if sp.Status != OffStage && newest[sp.UserID] == i {
			m.admit(sp, now)
		}
	}
	slices.SortFunc(m.queue, func(a, b *person) int { return cmp.Compare(a.order, b.order) })
	for i, p := range m.queue {
		p.position, m.ordered = i+1, p.order
	}
	return m
}

// admit puts a saved person back in, away until the connection is back.
func (m *Meeting) admit(sp SavedPerson, now time.Time) {
	p := &person{
		Peer:   Peer{PeerID: sp.PeerID, UserID: sp.UserID, DisplayName: sp.DisplayName, Preset: sp.Preset},
		status: sp.Status, lostUntil: now.Add(m.opts.Lease),
		grant: grant{how: sp.How, by: sp.LetInBy, media: sp.Media, limit: sp.LimitMs},
	}
	m.people[p.UserID] = p
	if !p.Preset.Listed {
		m.viewers.add(1)
	}
	switch p.status {
	case Requested:
		p.requestedAt, p.order = past(sp.RequestedAt, now), sp.Order
		m.queue = append(m.queue, p)
	case Accepted:
		m.live[p.UserID] = p
		if sp.ExpiresAt != nil {
			p.grant.until = sooner(aged(sp.ExpiresAt.Time, 0, now), now.Add(ms(maxExpiryMs)))
		}
	case OnStage:
		m.live[p.UserID] = p
		p.publisher, p.device, p.pubUntil = p.PeerID, sp.Device, p.lostUntil
		p.turn = running{
			since: past(sp.OnStageAt, now), spoken: ms(sp.SpokenMs), aired: ms(sp.OnAirMs), suspended: sp.Suspended,
		}
		if !sp.Suspended {
			p.turn.runs = past(sp.RunningAt, now)
		}
		m.resume(p, now)
	}
	m.waitFor(p)
}

// resume takes the speaking time up where the former process had told it. What
// ran out in between is still to be told.
func (m *Meeting) resume(p *person, now time.Time) {
	p.turn.told, p.turn.toldLimit = m.phase(p, now), m.limitMs(p)
	if p.turn.told == TimeOver && m.settings.SpeakingEnd == EndOff {
		p.turn.told = TimeWarning
	}
}

// past gives a saved moment, now for one that is missing or not yet.
func past(t *Time, now time.Time) time.Time {
	if t == nil || t.After(now) {
		return now
	}
	return aged(t.Time, 0, now)
}

func sooner(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
