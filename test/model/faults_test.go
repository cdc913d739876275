package model

import (
	"time"

	"pgregory.net/rapid"

	"podium/stage"
)

// cutLine cuts the stage connection's way in one direction, or in both.
func (w *world) cutLine() {
	l := &w.site().lines
	which := rapid.IntRange(0, 2).Draw(w.t, "direction")
	l.cutUp, l.cutDown = l.cutUp || which != 1, l.cutDown || which != 0
}

func (w *world) healLine() {
	l := &w.site().lines
	l.cutUp, l.cutDown = false, false
}

// breakConnection ends the newest connection at one end, or at both.
func (w *world) breakConnection() {
	s := w.site()
	c := s.client.conn
	if c == nil || s.frozen() {
		return
	}
	which := rapid.IntRange(0, 2).Draw(w.t, "end")
	if which != 0 && w.server.runs() {
		w.server.lost(c)
	}
	if which != 1 {
		s.client.end()
	}
}

func (w *world) changeDelay() {
	w.site().lines.delay = rapid.SampledFrom([]time.Duration{
		time.Millisecond, 20 * time.Millisecond, 300 * time.Millisecond, time.Second,
	}).Draw(w.t, "delay")
}

// cutMedia cuts the way of the packets, or heals it.
func (w *world) cutMedia() {
	s := w.site()
	s.lines.cutMedia = !s.lines.cutMedia
	if p := s.pub; p != nil && p.open && p.up && s.lines.cutMedia {
		p.lostAt = min(p.lostAt, w.now+missedAfter)
	}
}

// stallDevices has camera and microphone bring nothing, or bring it again.
func (w *world) stallDevices() {
	if s := w.site(); s.pub != nil && s.alive() && !s.frozen() {
		s.pub.stall(!s.pub.stalled)
	}
}

// engineLoses ends a publication at the engine.
func (w *world) engineLoses() {
	s := w.site()
	if at := w.server.engine.seats[s.user]; at != nil && at.pub != nil && w.server.runs() {
		w.server.cut(s.user, at, true)
	}
}

// thief publishes with a token that somebody has been given at some time, used or
// not.
func (w *world) thief() {
	if len(w.places) == 0 || !w.server.runs() {
		return
	}
	token := rapid.SampledFrom(w.tokens).Draw(w.t, "token")
	user := w.places[token].site.user
	at := w.server.engine.seats[user]
	var before *session
	if at != nil {
		before = at.pub
	}
	p := w.server.engine.passes[token]
	fresh := p != nil && !p.used && !p.over && at != nil && at.pass == p && w.now < p.expires
	one, status := w.server.publish(token, nil)
	if fresh {
		return // whoever has a token that was not used is as good as its owner
	}
	if one != nil || status == 201 {
		w.fatalf("P10: a token that is no longer good is taken")
	}
	if at != nil && at.pub != before {
		w.fatalf("P10: a refused token disturbs who is on stage")
	}
}

// hang has a podium's loop stand still while the rest of its process goes on.
func (w *world) hang() {
	if s := w.site(); s.alive() && !s.frozen() {
		s.hungUntil, s.hung = w.now+w.span(), true
	}
}

// freeze stops a podium's process, or puts its machine to sleep.
func (w *world) freeze() {
	s := w.site()
	if s.alive() && !s.frozen() && !s.hangs() {
		s.freeze(w.span(), rapid.Bool().Draw(w.t, "sleeps"))
	}
}

// thaw lets a machine go on.
func (s *site) thaw() { s.frozenUntil, s.awakeAt = 0, s.w.now }

// kill ends a podium's process; another one begins after a while.
func (w *world) kill() {
	if s := w.site(); s.alive() && !s.frozen() {
		s.die(w.now + w.span())
	}
}

func (w *world) stop() {
	if s := w.site(); s.alive() && !s.frozen() && !s.hangs() {
		s.stop(w.now + w.span())
	}
}

// restart kills the server; another process begins after a while with what was
// stored.
func (w *world) restart() {
	s := w.server
	if w.now < s.downUntil {
		return
	}
	if s.diskFull {
		w.stale = true
	}
	s.end(w.now+w.span(), rapid.Bool().Draw(w.t, "the kernel tells"))
}

// freezeServer stops the server's process, or puts its machine to sleep.
func (w *world) freezeServer() {
	s := w.server
	if !s.runs() {
		return
	}
	s.frozenUntil = w.now + w.span()
	if rapid.Bool().Draw(w.t, "sleeps") {
		s.asleepSince = w.now
	}
}

// disk has the store take nothing, or everything again.
func (w *world) disk() {
	if s := w.server; w.now >= s.downUntil {
		s.diskFull = !s.diskFull
		s.save(stage.Saved{})
	}
}
