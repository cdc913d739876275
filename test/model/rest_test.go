package model

import (
	"slices"
	"time"

	"podium/appliance"
	"podium/hw/lamp"
	"podium/stage"
)

// rest heals everything, lets two leases pass, and holds that all agree.
func (w *world) rest() {
	w.note("world", "rests", nil)
	w.calm = true
	w.server.diskFull = false
	w.server.save(stage.Saved{})
	w.server.frozenUntil = min(w.server.frozenUntil, w.now)
	if w.server.asleepSince > 0 {
		w.server.wake()
	}
	if w.now < w.server.downUntil {
		w.server.downUntil = w.now
		w.server.begin()
	}
	for _, s := range w.sites {
		s.lines = lines{delay: 5 * time.Millisecond}
		if s.frozen() {
			s.thaw()
		}
		s.unhang()
		if !s.alive() {
			s.bootAt = min(s.bootAt, w.now)
		}
		if s.pub != nil {
			s.pub.stall(false)
		}
		if w.wild { // what was lost on a connection, only another one brings
			s.client.end()
		}
	}
	w.pass(w.now + 2*lease + 5*time.Second)
	for range 100 {
		if w.still() {
			break
		}
		w.pass(w.now + 20*time.Millisecond)
	}
	for _, s := range w.sites {
		s.checkAgreement()
	}
	w.checkPublishers()
	w.checkCancelled()
	w.pass(w.now + 15*time.Second)
	for _, s := range w.sites {
		s.checkOnAir()
	}
}

// still reports whether nothing but pings is on its way.
func (w *world) still() bool {
	for _, c := range w.conns {
		for _, queue := range [][]frame{c.toServer, c.toClient} {
			for _, f := range queue {
				if f.kind != framePing && f.kind != framePong {
					return false
				}
			}
		}
	}
	return len(w.posts) == 0
}

// speaks reports whether the podium believes in a turn of its own.
func (s *site) speaks() bool {
	return !slices.ContainsFunc(s.view.Gate.Reasons, func(r appliance.Reason) bool { return r.Reason == appliance.CauseNoTurn })
}

func (s *site) checkAgreement() {
	w := s.w
	s.look()
	status := w.server.rules.Status(s.user)
	switch {
	case !s.view.Connected || !s.client.joined:
		w.fatalf("L1: %s is not connected", s.name)
	case len(s.client.waiting) > 0 || len(s.failing) > 0 || s.shown.Green == lamp.On:
		w.fatalf("L1: %s still asks: calls %v, lamps %v", s.name, s.client.waiting, s.shown)
	case s.view.Status != status:
		w.fatalf("L1: %s says %s, the server %s", s.name, s.view.Status, status)
	case s.view.Gate.Open && status != stage.OnStage:
		w.fatalf("L1: the gate of %s is open while %s", s.name, status)
	}
	position := 0
	for _, r := range w.server.rules.Requests() {
		if r.UserID == s.user {
			position = r.Position
		}
	}
	if s.view.Position != position {
		w.fatalf("L1: %s is told place %d, and has %d", s.name, s.view.Position, position)
	}
}

// checkPublishers holds that whoever has the stage knows it, and nobody else
// believes to.
func (w *world) checkPublishers() {
	for _, user := range users {
		found := w.server.rules.Status(user) != stage.OnStage
		for _, s := range w.sites {
			if s.user != user {
				continue
			}
			joined, _ := w.server.rules.Rejoin(s.client.conn.peer, w.server.local())
			has := joined.PublisherPeerID == s.client.conn.peer
			found = found || has
			if has != s.speaks() {
				w.fatalf("L2: %s has the stage: %t, and believes it: %t", s.name, has, s.speaks())
			}
		}
		if !found {
			w.fatalf("L2: %s is on stage by nobody", user)
		}
	}
}

// twin gives another device of the same user, nil: there is none.
func (s *site) twin() *site {
	for _, other := range s.w.sites {
		if other != s && other.user == s.user {
			return other
		}
	}
	return nil
}

// checkCancelled holds that a wish to get off is never given up.
func (w *world) checkCancelled() {
	for _, s := range w.sites {
		by := w.server.users[s.user].asker()
		if s.twin() != nil { // the other device's speaker may have pressed
			continue
		}
		if s.hung { // what it says on the word of a connection that is gone meanwhile may miss the server's status
			continue
		}
		if s.cancelled && !w.wild && !w.stale && by != nil && by.site == s && by.life == s.life {
			u := w.server.users[s.user]
			w.fatalf("L3: the speaker of %s pressed cancel, and is %s", s.name, u.status)
		}
	}
}

func (s *site) checkOnAir() {
	w := s.w
	s.look()
	if !s.speaks() || s.view.Suspended {
		return
	}
	at := w.server.engine.seats[s.user]
	if !s.view.OnAir || at == nil || at.pub == nil || at.pub.own != s.pub || !at.air {
		w.fatalf("L4: %s has the stage, and is not heard: gate %+v, the engine %+v", s.name, s.view.Gate, at)
	}
}
