package appliance

import (
	"time"

	"podium/stage"
)

// Step is the podium's whole behaviour: it takes what happened at now and gives
// the state after it and what has to be done, closing first.
func Step(s State, e Event, now time.Time) (State, []Effect) {
	s.effects = nil
	s.expire(now) // with what was known before the event: a late word revives nothing
	s.take(e, now)
	s.settle(now)
	effects := s.effects
	s.effects = nil
	return s, effects
}

func (s *State) take(e Event, now time.Time) {
	switch e := e.(type) {
	case Press:
		s.press(e, now)
	case Connected:
		s.hear(e.At, now)
		s.connect(e.Joined, now)
	case Disconnected:
		s.connected = false
		s.interrupted(now)
	case Heard:
		if s.connected { // a connection that is not in the meeting renews nothing
			s.hear(e.At, now)
		}
	case StatusChanged:
		s.changed(e.StatusUpdate, now)
	case TurnedDown:
		s.consent = false
		s.refuse(string(e.Reason), now)
	case Moved:
		s.position = e.Position
	case Granted:
		s.granted(e.Approved, now)
	case Suspended:
		s.suspend(e.Suspended.Suspended, e.By, now)
	case Timed:
		s.timed(e.TimeUpdate, now)
	case Identify:
		s.identify(e, now)
	case Aired:
		s.aired(e.On)
	case SettingsChanged:
		s.learn(e.Settings)
	case Answered:
		s.answered(e, now)
	case Flowing:
		s.flow(e.On)
	case Fault:
		s.fault(e, now)
	case MediaLost:
		s.mediaLost(e, now)
	case Stop:
		s.stopping = true
	}
}

// hear renews the lease from the moment at which the server was really heard.
func (s *State) hear(at, now time.Time) {
	if at.IsZero() || at.After(now) {
		at = now
	}
	if at.After(s.heardAt) {
		s.heardAt = at
	}
}

// settle brings the gate in line with the state. A gate is opened once for each
// place: what was closed stays closed, and to go on is a new publication.
func (s *State) settle(now time.Time) {
	if !s.turn.on {
		return
	}
	against := s.gate(now)
	switch {
	case !mayGoOn(against):
		s.endTurn(against[0])
	case len(against) > 0:
		s.silence(against[0])
	case !s.turn.opened:
		s.turn.opened = true
		s.do(OpenGate{Place: *s.turn.place})
	}
}

// endTurn closes first. Telling the server is the caller's matter.
func (s *State) endTurn(why Reason) {
	s.turn = turn{}
	s.flowing = false
	s.consent = false
	s.do(CloseGate{Why: why})
}

// expire lets go of what has run out.
func (s *State) expire(now time.Time) {
	if s.turn.on && !now.Before(s.leaseEnd()) {
		why := s.gate(now)[0]
		s.endTurn(why)
		s.refuse(why.Text, now)
		s.getOff(now)
	}
	if s.ask.method != "" && !now.Before(s.ask.until) {
		s.lapse(now)
	}
	if s.turn.on && ended(s.turn.retryAt, now) && s.ask.method == "" {
		s.publish(now)
	}
	if ended(s.refusedUntil, now) {
		s.refusedUntil = time.Time{}
	}
	if ended(s.identifyUntil, now) {
		s.identifyUntil = time.Time{}
	}
}

func ended(at, now time.Time) bool { return !at.IsZero() && !now.Before(at) }

// call sends a method, now or as soon as there is a connection.
func (s *State) call(method stage.Method, now time.Time) {
	s.nextID++
	s.ask = ask{method: method, id: s.nextID, until: now.Add(askFor)}
	s.sendAsk()
}

func (s *State) sendAsk() {
	if s.connected && !s.ask.sent {
		s.ask.sent = true
		if s.ask.method == stage.Join { // ours from here on, should the answer get lost
			s.mine = []string{s.peer}
		}
		s.do(Call{ID: s.ask.id, Method: s.ask.method})
	}
}

// interrupted keeps what was asked over the loss of the connection.
func (s *State) interrupted(now time.Time) {
	method := s.ask.method
	s.ask.sent, s.ask.tried = false, s.ask.sent || s.ask.tried
	switch method {
	case stage.Leave, stage.CancelRequestAccess:
		s.ask, s.giveUp = ask{}, true
	case stage.Join: // what is granted by then may not be what the speaker pressed for
		s.ask, s.consent, s.giveUp = ask{}, false, true
		s.refuse("the connection to the server was lost", now)
	case stage.Publish:
		s.ask = ask{}
		s.retryMedia(now)
	}
}

// lapse gives an unanswered call up. What may have reached the server is taken
// back there.
func (s *State) lapse(now time.Time) {
	old := s.ask
	s.ask = ask{}
	switch old.method {
	case stage.RequestAccess, stage.Join:
		s.consent = false
		s.refuse("the server did not answer", now)
		switch {
		case !old.sent:
			s.giveUp = s.giveUp || old.tried
		case old.method == stage.RequestAccess:
			s.call(stage.CancelRequestAccess, now)
		default:
			s.call(stage.Leave, now)
		}
	case stage.Publish:
		s.retryMedia(now)
	default: // a wish to get off is never given up
		s.giveUp = true
		if s.connected {
			s.call(old.method, now)
		}
	}
}

// join takes the granted turn, which a podium whose lamps are dark does not.
func (s *State) join(now time.Time) {
	if s.isDark() {
		s.refuseDark(now)
		s.getOff(now)
		return
	}
	s.call(stage.Join, now)
}

func (s *State) refuseDark(now time.Time) {
	s.consent = false
	s.refuse("the lamps cannot be driven: "+s.faultOf(PartLamps), now)
}

// getOff tells the server that the speaker is off, now or when it is reached.
func (s *State) getOff(now time.Time) {
	s.consent = false
	method := stage.Leave
	if s.status == stage.Requested {
		method = stage.CancelRequestAccess
	}
	if !s.connected {
		s.giveUp = true
		s.ask = ask{}
		return
	}
	s.call(method, now)
}
