package model

import (
	"time"

	"podium/appliance"
	"podium/stage"
)

const (
	// quietAfter is the silence after which the publisher says that nothing flows.
	quietAfter = 230 * time.Millisecond
	// missedAfter is when a media connection that nobody has ended is given up.
	missedAfter = 7 * time.Second
	// tries is how long a place is asked for.
	tries = 10 * time.Second
)

// publication stands for publish: a gate that opens once, for one place, lets
// packets leave until its permit ends, and is shut for good.
type publication struct {
	site  *site
	place stage.Place
	ghost *place

	open    bool
	until   time.Time // by the podium's clock
	session *session  // nil: the place has not answered yet
	up      bool
	heardAt time.Duration // when the engine took the last packet
	stalled bool          // the devices bring nothing
	flowing bool          // as the loop was told
	quietAt time.Duration
	lostAt  time.Duration
}

// post is a request for a place on its way, or its answer.
type post struct {
	at       time.Duration
	pub      *publication
	token    string
	answered bool
	session  *session
	status   int
}

// open begins a publication in place of a former one.
func (s *site) open(at stage.Place, until time.Time) {
	s.close()
	s.pub = &publication{
		site: s, place: at, ghost: s.w.places[at.Token], open: true, until: until,
		quietAt: never, lostAt: s.w.now + tries,
	}
	s.w.posts = append(s.w.posts, &post{at: s.w.now + s.w.late(&s.lines), pub: s.pub, token: at.Token})
}

// close stops every packet.
func (s *site) close() {
	if p := s.pub; p != nil && p.open {
		p.shut()
		if p.flowing { // told later: the loop is busy with the step that closes
			p.quietAt = s.w.now
		}
	}
}

// shut lets nothing out any more.
func (p *publication) shut() {
	p.passes()
	p.open, p.lostAt = false, never
}

// renew lets what runs go on. What has run out is not brought back.
func (p *publication) renew(until time.Time) {
	if p != nil && p.open && p.site.local().Before(p.until) {
		p.until = until
	}
}

// mayPass is the gate: a packet that comes now would leave.
func (p *publication) mayPass() bool { return p.runs() && p.site.local().Before(p.until) }

func (p *publication) runs() bool { return p.open && p.site.alive() && !p.site.frozen() }

// passes lets the packets up to this moment out, and reports whether there are any
// now.
func (p *publication) passes() bool {
	if !p.runs() || !p.up || p.stalled {
		return false
	}
	now := p.site.w.now
	p.site.lastLeft = max(p.site.lastLeft, min(now, p.site.clock.when(p.until)-time.Millisecond))
	return p.mayPass()
}

func (p *publication) soonest(d *due) {
	s := p.site
	if p.open {
		d.or(due{at: max(s.w.now, s.clock.when(p.until)), kind: lapse, site: s})
		d.or(due{at: p.lostAt, kind: mediaLost, site: s})
	}
	if p.flowing {
		d.or(due{at: p.quietAt, kind: quiet, site: s})
	}
}

// flow tells the loop that packets leave.
func (p *publication) flow() {
	p.quietAt = never
	if p.passes() && !p.flowing {
		p.flowing = true
		p.site.tell(message{event: appliance.Flowing{On: true}})
	}
}

// ebb tells the loop that no packet has left lately.
func (p *publication) ebb() {
	p.quietAt = never
	if p.flowing {
		p.flowing = false
		p.site.tell(message{event: appliance.Flowing{}})
	}
}

// lose ends the publication: its permit lapsed, its place refused it, or the way
// to it broke.
func (p *publication) lose(why string, refused bool) {
	if !p.open {
		return
	}
	p.shut()
	p.ebb()
	p.site.tell(message{event: appliance.MediaLost{Why: why, Refused: refused}})
}

// stall has the devices bring nothing for a while.
func (p *publication) stall(on bool) {
	p.passes()
	p.stalled = on
	if on && p.flowing {
		p.quietAt = p.site.w.now + quietAfter
	}
	if !on {
		p.flow()
	}
}

// mediaEnds has the podium find out that the engine has ended a publication: told
// by it, or in time.
func (s *site) mediaEnds(p *publication, told bool) {
	at := s.w.now + missedAfter
	if told && !s.lines.cutMedia {
		at = s.w.now + 30*time.Millisecond
	}
	p.lostAt = min(p.lostAt, at)
}

// postArrives is a request that reaches the engine, or its answer that reaches the
// podium.
func (w *world) postArrives(p *post) {
	s := p.pub.site
	if !p.answered {
		w.step("WHIP", s, p.token)
		p.answered, p.at = true, w.now+w.late(&s.lines)
		if w.now < w.server.downUntil {
			p.status = 503
			return
		}
		p.session, p.status = w.server.publish(p.token, p.pub)
		return
	}
	w.posts = without(w.posts, p)
	pub := p.pub
	switch {
	case !pub.open || s.pub != pub || !s.alive():
		if p.session != nil && !p.session.cut { // closed meanwhile: it is deleted
			at := w.server.engine.seats[p.session.pass.turn.UserID]
			w.server.cut(p.session.pass.turn.UserID, at, true)
		}
	case p.session != nil && p.session.cut:
		pub.lose("the server has ended the publication", false)
	case p.session != nil:
		pub.session, pub.up, pub.lostAt = p.session, true, never
		if s.lines.cutMedia {
			pub.lostAt = w.now + missedAfter
		}
		pub.flow()
	default:
		pub.lose("the place refuses", p.status != 503)
	}
}
