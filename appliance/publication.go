package appliance

import (
	"time"

	"podium/stage"
)

// publish asks for a publishing place of the turn that runs.
func (s *State) publish(now time.Time) {
	s.turn.retryAt = time.Time{}
	if s.ask.method != stage.Publish || !s.ask.sent { // else the answer is on its way
		s.call(stage.Publish, now)
	}
}

// newPlace starts a new publication of the turn, unless the old one still flows
// and is heard (then the call only brought the turn to this connection).
func (s *State) newPlace(p *stage.Place) {
	if !s.turn.on {
		return
	}
	s.turn.retryAt = time.Time{}
	if s.flowing && !s.turn.unheard {
		return
	}
	s.flowing = false
	s.turn.place, s.turn.opened, s.turn.unheard = p, false, false
}

func (s *State) flow(on bool) {
	s.flowing = on && s.turn.opened
	if s.flowing {
		s.setFault(Fault{Part: PartMedia})
	}
}

// mediaLost takes a broken publication. What the server asks to wait counts, up
// to what a speaker would sit through.
func (s *State) mediaLost(e MediaLost, now time.Time) {
	s.flowing = false
	if !s.turn.opened {
		return // of a publication that was given up meanwhile
	}
	s.message = e.Why
	if e.Refused {
		s.turn.pause = lastRetry
		s.setFault(Fault{Part: PartMedia, Text: e.Why})
	}
	s.retryMedia(now)
	s.turn.retryAt = s.turn.retryAt.Add(min(e.After, lastRetry))
}

// retryMedia asks for a new publishing place of this turn after a pause.
func (s *State) retryMedia(now time.Time) {
	if !s.turn.on {
		return
	}
	s.turn.pause = max(firstRetry, min(2*s.turn.pause, lastRetry))
	s.turn.retryAt = now.Add(s.turn.pause)
}

// suspend silences this podium's turn, or lets it go on: with a new place, since
// a closed gate stays closed. Without a turn of this process there is nothing to
// go on with.
func (s *State) suspend(held bool, chair string, now time.Time) {
	switch {
	case !s.turn.on:
	case held:
		s.turn.suspended, s.turn.chair = true, chair
		s.turn.place, s.turn.retryAt = nil, time.Time{}
		s.message = ""                     // the server cuts the media: that it broke is no news
		if s.ask.method == stage.Publish { // the place that it brings is dead already
			s.ask = ask{}
		}
	case s.turn.suspended:
		s.turn.suspended, s.turn.chair = false, ""
		s.publish(now)
	}
}

// silence closes the gate of a turn that goes on.
func (s *State) silence(why Reason) {
	if !s.turn.opened {
		return
	}
	s.flowing = false
	s.turn.place, s.turn.opened, s.turn.unheard = nil, false, false
	s.do(CloseGate{Why: why})
}

// resumePublication takes what a server says of our turn after a new connection.
// One that has restarted has lost our media without a word, and it would take
// ICE many seconds to notice. One that has not hears us again within moments, if
// at all: that is waited for, since to publish anew opens the devices anew.
func (s *State) resumePublication(j stage.Joined, now time.Time) {
	t := j.Self.TurnState
	switch {
	case t != nil && t.Suspended:
		chair := ""
		if j.Priority != nil {
			chair = j.Priority.UserID
		}
		s.suspend(true, chair, now)
	case s.turn.suspended:
		s.suspend(false, "", now)
	case s.turn.opened && !j.Self.OnAir:
		s.turn.unheard = true
		if s.turn.retryAt.IsZero() {
			s.turn.retryAt = now.Add(firstRetry)
		}
	}
}

// aired takes the server's word that our media arrives.
func (s *State) aired(on bool) {
	if !on || !s.turn.unheard {
		return
	}
	s.turn.unheard = false
	if s.flowing {
		s.turn.retryAt = time.Time{}
	}
}
