package appliance

import (
	"time"

	"podium/stage"
)

// press does what the table of buttons says. A long press is a press: what it
// adds, leaving while the server cannot be reached, a press does too.
func (s *State) press(p Press, now time.Time) {
	if s.stopping || p.Long {
		return // the leading edge of a long press has counted already
	}
	switch {
	case p.Button == ButtonRequest && s.takesBack():
		s.pressCancel(now)
	case p.Button == ButtonRequest:
		s.pressRequest(now)
	case p.Button == ButtonCancel:
		s.pressCancel(now)
	}
}

// takesBack reports whether a press of the only button takes back what it asked for:
// a request that waits, and a turn. A press that is still unanswered is not taken
// back by a second one: a button is easily pressed twice.
func (s *State) takesBack() bool {
	waits := s.status == stage.Requested && s.consent && s.ask.method == ""
	return s.Options.OneButton && (s.turn.on || waits)
}

func (s *State) pressRequest(now time.Time) {
	status := s.status
	switch s.ask.method {
	case stage.Join:
		s.consent = s.consent || s.status == stage.Accepted // a grant that was given anew meanwhile
		return                                              // asked already: a press takes effect once
	case stage.RequestAccess:
		return
	case stage.CancelRequestAccess, stage.Leave:
		status = stage.OffStage // where the call before this one leads
	}
	s.refusedUntil, s.refusal = time.Time{}, refusal{}
	unheard := s.giveUp
	s.giveUp = false
	switch status {
	case stage.OffStage:
		if s.isDark() {
			s.refuseDark(now)
			return
		}
		s.consent = true
		s.clearMediaFaults()
		s.call(stage.RequestAccess, now)
		s.ask.tried = unheard // an earlier one may stand at the server
	case stage.Requested: // made by an earlier process: now it has this speaker's press
		s.consent = true
	case stage.Accepted:
		s.consent = true
		s.join(now)
	}
}

func (s *State) pressCancel(now time.Time) {
	s.consent = false
	switch {
	case s.turn.on:
		s.endTurn(Reason{CauseCancelled, "the speaker pressed cancel"})
		s.getOff(now)
	case s.ask.method == stage.CancelRequestAccess, s.ask.method == stage.Leave: // on its way
	case s.ask.method == stage.RequestAccess && !s.ask.sent:
		s.ask, s.giveUp = ask{}, s.giveUp || s.ask.tried
	case s.ask.method == stage.RequestAccess:
		s.call(stage.CancelRequestAccess, now)
	case s.ask.method == stage.Join:
		s.getOff(now)
	case s.status == stage.Requested, s.status == stage.Accepted:
		s.getOff(now)
	case s.status == stage.OnStage: // another device of the same user; its turn is not ours
		s.refuse("the stage is held by another device of this participant", now)
	}
}
