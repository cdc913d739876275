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
		return Lamps{lamp.On, lamp.Off}
	case s.turn.on:
		return Lamps{lamp.Slow, lamp.Off}
	}
	return Lamps{lamp.Off, s.green(now)}
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
