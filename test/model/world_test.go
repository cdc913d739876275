package model

import (
	"fmt"
	"slices"
	"time"

	"pgregory.net/rapid"

	"podium/appliance"
	"podium/stage"
)

// users are those of the podiums.
var users = []string{"ann", "bob"}

// world is everything: a server, two or three podiums, and what is between them.
type world struct {
	t     *rapid.T
	count func()
	now   time.Duration
	wild  bool // messages of a connection may be lost, repeated and reordered
	calm  bool // nothing bad happens any more

	server *server
	sites  []*site
	conns  []*conn
	posts  []*post

	peers  map[string]*site  // by the server's names of connections
	places map[string]*place // by token
	tokens []string          // of all places, the oldest first
	used   map[string]bool   // tokens
	stale  bool              // a server has begun with less than it had said

	trace []entry
}

// entry is one line of what happened.
type entry struct {
	now  time.Duration
	who  string
	what string
	with any
}

var (
	rates = rapid.SampledFrom([]int64{1000, 1000, 970, 1030})
	offs  = rapid.SampledFrom([]time.Duration{0, 0, 7 * time.Second, -time.Hour})
)

// casts are the podiums of a world, by name. Their users' names come first.
var casts = rapid.SampledFrom([][]string{{"ann's", "bob's"}, {"ann's", "ann's twin"}, {"ann's", "bob's", "ann's twin"}})

func newWorld(t *rapid.T, count func()) *world {
	w := &world{t: t, count: count, now: time.Second, peers: map[string]*site{}, places: map[string]*place{}, used: map[string]bool{}}
	w.wild = rapid.IntRange(0, 3).Draw(t, "wild") == 3
	w.server = newServer(w, w.drawClock())
	for _, name := range casts.Draw(t, "podiums") {
		s := &site{
			w: w, name: name, user: name[:3], clock: w.drawClock(), preset: stage.Presets["podium"],
			options: appliance.Options{PressToJoin: rapid.IntRange(0, 2).Draw(t, "press to join") == 2},
		}
		s.lines.delay = 5 * time.Millisecond
		if rapid.IntRange(0, 4).Draw(t, "allowed") == 4 {
			s.preset = stage.Presets["panelist"]
		}
		w.sites = append(w.sites, s)
		s.boot()
	}
	return w
}

func (w *world) drawClock() clock {
	return clock{rate: rates.Draw(w.t, "rate"), off: offs.Draw(w.t, "off")}
}

// step counts one step.
func (w *world) step(what string, s *site, with any) {
	w.count()
	w.note(s.name, what, with)
}

func (w *world) note(who, what string, with any) {
	w.trace = append(w.trace, entry{w.now, who, what, with})
}

// noteStep notes a step of a podium's loop, unless it is one of the many that only
// renew a lease.
func (w *world) noteStep(s *site, e appliance.Event, effects []appliance.Effect) {
	switch e.(type) {
	case appliance.Heard, appliance.Tick:
		if len(effects) == 0 {
			return
		}
	}
	w.note(s.name, "step", e)
	for _, effect := range effects {
		w.note(s.name, "does", effect)
	}
}

func (w *world) fatalf(format string, args ...any) {
	for _, e := range w.trace[max(0, len(w.trace)-60):] {
		with := ""
		if e.with != nil {
			with = fmt.Sprintf("%T %+v", e.with, e.with)
		}
		w.t.Logf("%9v %-10s %s %s", e.now, e.who, e.what, with)
	}
	w.t.Fatalf("%v: %s", w.now, fmt.Sprintf(format, args...))
}

// next finds what falls due first.
func (w *world) next() due {
	d := due{at: never}
	w.server.soonest(&d)
	for _, s := range w.sites {
		s.soonest(&d)
	}
	for _, c := range w.conns {
		c.soonest(&d)
	}
	for _, p := range w.posts {
		at := p.at
		if !p.answered {
			at = max(at, w.server.frozenUntil)
		} else {
			at = max(at, p.pub.site.frozenUntil)
		}
		d.or(due{at: at, kind: posted, post: p, site: p.pub.site})
	}
	return d
}

// pass lets time go on to a moment.
func (w *world) pass(until time.Duration) {
	for again := 0; ; again++ {
		d := w.next()
		if d.at > until {
			break
		}
		if d.at > w.now {
			w.now, again = d.at, 0
		}
		if again > 2000 {
			w.fatalf("the world does not come to rest: kind %d", d.kind)
		}
		w.media() // of the time that has passed
		w.happens(d)
		w.media()
	}
	w.now = until
	w.media()
}

func (w *world) happens(d due) {
	s := d.site
	switch d.kind {
	case frameToServer:
		w.server.take(d.conn)
		w.forget(d.conn)
	case frameToClient:
		s.client.take(d.conn)
		w.forget(d.conn)
	case callFailed:
		id := s.failing[0].id
		s.failing = s.failing[1:]
		s.tell(message{event: appliance.Answered{ID: id, Err: appliance.ErrInterrupted}, mark: s.known})
	case readExpired:
		w.step("silence", s, nil)
		s.client.end()
	case dial:
		s.client.dial()
	case tick:
		s.step(message{event: appliance.Tick{}})
	case thaw:
		s.thaw()
	case unhang:
		s.unhang()
	case posted:
		w.postArrives(d.post)
	case lapse:
		s.pub.lose("the permit has run out", false)
	case quiet:
		s.pub.ebb()
	case mediaLost:
		s.pub.lose("the way is broken", false)
	case boot:
		s.boot()
	default:
		w.serverHappens(d)
	}
}

func (w *world) serverHappens(d due) {
	s := w.server
	switch d.kind {
	case serverTick:
		s.tick()
	case serverPing:
		s.ping(d.conn)
	case serverRead:
		w.step("silence at the server", d.site, nil)
		s.lost(d.conn)
		w.forget(d.conn)
	case serverThaw:
		s.wake()
	case serverUp:
		w.note("server", "begins", nil)
		s.downUntil = 0
		s.begin()
	case aired:
		a := s.airs[0]
		s.airs = s.airs[1:]
		s.carryOut(s.rules.SetOnAir(a.user, a.on, s.local()), nil)
	}
}

// forget drops a connection that is over at both ends.
func (w *world) forget(c *conn) {
	if c.over() {
		w.conns = without(w.conns, c)
	}
}

func without[T comparable](list []T, gone T) []T {
	return slices.DeleteFunc(list, func(one T) bool { return one == gone })
}
