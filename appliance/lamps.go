package appliance

import (
	"time"

	"podium/hw/lamp"
	"podium/stage"
)

// Lamps is what the speaker sees.
type Lamps struct {
	Red   lamp.Pattern `json:"red"`
	Green lamp.Pattern `json:"green"`
}

// lamps derives the lamps from the state; they are never set from anywhere else.
// Red comes from packets counted as they leave, not from the status.
func (s *State) lamps(now time.Time) Lamps {
	switch {
	case s.stopping:
		return Lamps{lamp.Off, lamp.Off}
	case s.turn.on && s.flowing:
		return s.tally(now)
	case !s.turn.on && s.pressAnswered(now): // a press is answered at once, whatever else is shown
		return Lamps{lamp.Off, s.green(now)}
	case s.identifying(now):
		return Lamps{lamp.Fast, lamp.FastInverse}
	case s.turn.suspended:
		return Lamps{lamp.Slow, lamp.SlowInverse}
	case s.turn.on:
		return Lamps{lamp.Slow, lamp.Off}
	}
	return Lamps{lamp.Off, s.green(now)}
}

// tally is what both lamps show while packets leave. Identify takes the green
// one only: red belongs to the microphone, is never off while it is open, and
// keeps its two meanings, on air and time nearly over. Green does not go in turn
// with it, so that this cannot be taken for identify off air.
func (s *State) tally(now time.Time) Lamps {
	lamps := Lamps{lamp.On, lamp.Off}
	if s.turn.speaking.pressing() {
		lamps.Red = lamp.Fast
	}
	if s.identifying(now) {
		lamps.Green = lamp.Fast
	}
	return lamps
}

// pressAnswered reports whether the green lamp shows what became of a press.
func (s *State) pressAnswered(now time.Time) bool {
	return now.Before(s.refusedUntil) || s.ask.method == stage.RequestAccess || s.ask.method == stage.Join
}

func (s *State) green(now time.Time) lamp.Pattern {
	switch {
	case now.Before(s.refusedUntil):
		return lamp.Refused
	case s.ask.method == stage.RequestAccess, s.ask.method == stage.Join:
		return lamp.On
	case !s.connected:
		return lamp.Blip
	case s.status == stage.Requested && s.position == 1:
		return lamp.DoubleBlip
	case s.status == stage.Requested:
		return lamp.Slow
	case s.status == stage.Accepted:
		return lamp.Fast
	case len(s.faults) > 0:
		return lamp.Fault
	default:
		return lamp.Off
	}
}
