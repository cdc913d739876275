package model

import (
	"time"

	"podium/appliance"
	"podium/hw/lamp"
	"podium/stage"
)

const (
	// permitLength is the longest that packets may leave after the loop's last step.
	permitLength = 2 * time.Second
	// lampLate is how long the red lamp may be wrong.
	lampLate = 250 * time.Millisecond
)

// media lets the packets of this moment go their way, and holds what must be true
// of each.
func (w *world) media() {
	for _, s := range w.sites {
		p := s.pub
		if p == nil {
			continue
		}
		if p.mayPass() {
			s.checkPacket()
		}
		if p.passes() {
			if s.shown.Red == lamp.Off {
				w.fatalf("P7: packets of %s leave and its red lamp is off", s.name)
			}
			if p.session != nil && !s.lines.cutMedia && w.server.runs() {
				p.heardAt = w.now
				w.server.forwards(p.session)
			}
		}
		s.checkLamp()
	}
	w.server.checkEngine()
	w.server.listen()
}

// checkPacket holds what must be true of a packet that leaves now.
func (s *site) checkPacket() {
	now := s.local()
	if silent := now.Sub(s.heardAt); silent >= s.client.lease {
		s.w.fatalf("P6: a packet of %s leaves %v after the last word of the server", s.name, silent)
	}
	if since := now.Sub(s.clock.at(s.steppedAt)); since >= permitLength {
		s.w.fatalf("P8: a packet of %s leaves %v after the last step of its loop", s.name, since)
	}
	if s.view.Status != stage.OnStage {
		s.w.fatalf("P5: a packet of %s leaves, which was told %s", s.name, s.view.Status)
	}
}

// checkLamp holds that a steady red lamp means packets. A machine that stands
// still cannot change its lamps.
func (s *site) checkLamp() {
	if s.shown.Red != lamp.On || !s.alive() || s.frozen() || s.hangs() {
		return
	}
	if late := s.w.now - max(s.lastLeft, s.awakeAt); late > lampLate {
		s.w.fatalf("P7: the red lamp of %s is steady, and no packet has left for %v", s.name, late)
	}
}

// checkOpening holds what must be true when a gate is opened.
func (s *site) checkOpening(e appliance.Event, at stage.Place) {
	w, given := s.w, s.w.places[at.Token]
	a, ok := e.(appliance.Answered)
	switch method := s.calls[a.ID]; {
	case !ok || a.Err != nil || (method != stage.Join && method != stage.Publish):
		w.fatalf("P4: %s opens its gate by %T", s.name, e)
	case given == nil:
		w.fatalf("P1: %s opens its gate to a place that nobody gave", s.name)
	case given.site != s || given.life != s.life:
		w.fatalf("P2: %s opens its gate to a place of %s, process %d", s.name, given.site.name, given.life)
	case s.opened[at.Token]:
		w.fatalf("P2: %s opens its gate twice to one place", s.name)
	case a.Result.Suspended:
		w.fatalf("P1: %s opens its gate for a suspended turn", s.name)
	}
	s.opened[at.Token] = true
	p := s.consent(given.turn)
	if p == nil {
		w.fatalf("P4: %s opens its gate for a turn that its speaker has not pressed for: invited %t", s.name, given.turn.grant.invited)
		return
	}
	p.used = given.turn
}

// checkStep holds what must be true after each step of a podium's loop.
func (s *site) checkStep(e appliance.Event, effects []appliance.Effect) {
	w := s.w
	for i, effect := range effects {
		if _, closing := effect.(appliance.CloseGate); closing && i > 0 {
			w.fatalf("P5: %s closes its gate as effect %d of %T", s.name, i, e)
		}
	}
	open := s.pub != nil && s.pub.open
	if open && !s.view.Gate.Open {
		w.fatalf("P5: the gate of %s is open, and its state says %q", s.name, s.view.Gate.Why)
	}
	if !open {
		return
	}
	switch e := e.(type) {
	case appliance.Press:
		if e.Button == appliance.ButtonCancel && !e.Long {
			w.fatalf("P5: the gate of %s is open after cancel", s.name)
		}
	case appliance.Stop:
		w.fatalf("P5: the gate of %s is open after the stop", s.name)
	case appliance.StatusChanged:
		if e.Status != stage.OnStage {
			w.fatalf("P5: the gate of %s is open after %s", s.name, e.Status)
		}
	case appliance.Connected:
		if e.Joined.Self.Status != stage.OnStage {
			w.fatalf("P5: the gate of %s is open after a connection that says %s", s.name, e.Joined.Self.Status)
		}
		if other := w.peers[e.Joined.PublisherPeerID]; other != s {
			w.fatalf("P10: the gate of %s is open, and another device of its user has the turn", s.name)
		}
	case appliance.Suspended:
		if e.Suspended.Suspended {
			w.fatalf("P5: the gate of %s is open while the chair speaks", s.name)
		}
	}
}

// checkRules holds that what the rules told is what they hold.
func (s *server) checkRules() {
	waiting := 0
	for user, u := range s.users {
		status := s.rules.Status(user)
		if status != u.status && s.w.now >= s.downUntil {
			s.w.fatalf("%s is %s, and was told %s", user, status, u.status)
		}
		if status == stage.Requested {
			waiting++
		}
	}
	if list := s.rules.Requests(); len(list) != waiting {
		s.w.fatalf("%d wait, the queue is %+v", waiting, list)
	}
}
