package stage

import "time"

// running is a turn on stage: since when, for how long, and whether it is heard.
type running struct {
	since     time.Time
	suspended bool          // a chair holds priority
	spoken    time.Duration // of the speaking time, before runs
	runs      time.Time     // since when the speaking time runs on; zero: it rests
	aired     time.Duration // how long media arrived, before airs
	airs      time.Time     // since when media arrives; zero: none does
	told      TimePhase     // as last told; empty: nothing yet
	toldLimit int64         // in ms
}

func (r *running) onAir() bool { return !r.airs.IsZero() }

func (r *running) setOnAir(onAir bool, now time.Time) {
	if !r.airs.IsZero() {
		r.aired += now.Sub(r.airs)
		r.airs = time.Time{}
	}
	if onAir {
		r.airs = now
	}
}

// rest stops the speaking time, or lets it run on.
func (r *running) rest(rests bool, now time.Time) {
	if !r.runs.IsZero() {
		r.spoken += now.Sub(r.runs)
		r.runs = time.Time{}
	}
	if !rests {
		r.runs = now
	}
}

// spent gives how much of the speaking time is used up.
func (r *running) spent(now time.Time) time.Duration {
	if r.runs.IsZero() {
		return r.spoken
	}
	return r.spoken + now.Sub(r.runs)
}

// begin starts the turn of one who has joined the stage.
func (m *Meeting) begin(s *step, p *person, now time.Time) {
	p.grant.until = time.Time{}
	p.turn = running{since: now, suspended: m.Silences(p.UserID)}
	p.turn.rest(p.turn.suspended, now)
	s.begun = append(s.begun, p)
}

// end closes the turn of one who leaves the stage, and writes its line of the
// record.
func (m *Meeting) end(s *step, p *person, c change, now time.Time) {
	s.evict(p.UserID)
	s.out.Saved.Record = append(s.out.Saved.Record, p.entry(c, now))
	p.turn = running{}
	p.hold(s, "")
}

// entry is the record's line of a turn that ends now by c.
func (p *person) entry(c change, now time.Time) Entry {
	e := p.line(now)
	e.OffStageAt, e.EndReason, e.EndedBy = &Time{now}, c.reason, c.by
	return e
}

func (p *person) line(now time.Time) Entry {
	r := p.turn
	r.setOnAir(false, now)
	return Entry{
		UserID: p.UserID, DisplayName: p.DisplayName, OnStageAt: Time{r.since},
		OnStageMs: max(0, now.Sub(r.since).Milliseconds()), OnAirMs: r.aired.Milliseconds(),
		How: p.grant.how, LetInBy: p.grant.by, Media: bothIfNone(p.grant.media),
	}
}

// Running gives the record's lines of the turns that still run, oldest first.
func (m *Meeting) Running(now time.Time) []Entry {
	list := []Entry{}
	for _, p := range m.onTheWay() {
		if p.status == OnStage {
			list = append(list, p.line(now))
		}
	}
	sortByTime(list)
	return list
}
