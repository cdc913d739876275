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
	// Yellow tells of faults: steady of this unit, flashing of the system. Absent
	// where it is not fitted.
	Yellow lamp.Pattern `json:"yellow,omitempty"`
	// Queue is the position in the queue while green says that the speaker waits there,
	// for panels that can show it; 0: green says something else, or it is not known.
	Queue int `json:"-"`
}

// lamps derives the lamps from the state; they are never set from anywhere else.
// Red comes from packets counted as they leave, not from the status.
func (s *State) lamps(now time.Time) Lamps {
	l := s.turnLamps(now)
	if s.Options.Yellow && !s.stopping {
		l.Yellow = s.yellow()
	}
	return l
}

// yellow is the lamp of faults. The unit's own are the gravest: a person has to come.
func (s *State) yellow() lamp.Pattern {
	shown := lamp.Off
	for _, f := range s.faults {
		switch f.Part {
		case PartServer, PartMedia:
			shown = lamp.Slow
		default:
			return lamp.On
		}
	}
	return shown
}

// turnLamps are red and green: where the speaker stands.
func (s *State) turnLamps(now time.Time) Lamps {
	switch {
	case s.stopping:
		return Lamps{Red: lamp.Off, Green: lamp.Off}
	case s.turn.on && s.flowing:
		return s.tally(now)
	case !s.turn.on && s.pressAnswered(now): // a press is answered at once, whatever else is shown
		return Lamps{Red: lamp.Off, Green: s.green(now)}
	case s.identifying(now):
		return Lamps{Red: lamp.Fast, Green: lamp.FastInverse}
	case s.turn.suspended:
		return Lamps{Red: lamp.Slow, Green: lamp.SlowInverse}
	case s.turn.on:
		return Lamps{Red: lamp.Slow, Green: lamp.Off}
	}
	return Lamps{Red: lamp.Off, Green: s.green(now), Queue: s.queue()}
}

// queue is the position that is shown, where the lamps show the status.
func (s *State) queue() int {
	if !s.connected || s.status != stage.Requested {
		return 0
	}
	return s.position
}

// tally is what both lamps show while packets leave. Identify takes the green
// one only: red belongs to the microphone, is never off while it is open, and
// keeps its two meanings, on air and time nearly over. Green does not go in turn
// with it, so that this cannot be taken for identify off air.
func (s *State) tally(now time.Time) Lamps {
	lamps := Lamps{Red: lamp.On, Green: lamp.Off}
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
	case len(s.faults) > 0 && !s.Options.Yellow:
		return lamp.Fault
	default:
		return lamp.Off
	}
}
