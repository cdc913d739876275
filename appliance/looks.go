package appliance

import (
	"time"

	"podium/hw/lamp"
	"podium/stage"
)

// Look is one line of the table of lamps: what a speaker sees in one situation.
type Look struct {
	Name  string // for programs: "requested"
	Says  string // for people
	Lamps Lamps
	Fault bool // it is about a fault; Lamps are those of a panel without a yellow lamp
}

// Looks is the table of lamps, each line made by the very code that drives them. The
// lamps of a panel with a yellow one differ only where a fault stands.
func Looks() []Look {
	now := time.Unix(1_000_000_000, 0)
	connected := func() State {
		s := NewState(Options{})
		s.connected, s.lease, s.heardAt = true, time.Minute, now
		return s
	}
	waiting := func(position int) State {
		s := connected()
		s.status, s.position = stage.Requested, position
		return s
	}
	speaking := func(flowing bool) State {
		s := connected()
		s.status, s.flowing = stage.OnStage, flowing
		s.turn = turn{on: true, opened: true, place: &stage.Place{}}
		return s
	}
	with := func(s State, change func(*State)) State {
		change(&s)
		return s
	}
	refused := func(s *State) { s.refusedUntil = now.Add(lamp.RefusedLength) }
	identify := func(s *State) { s.identifyUntil = now.Add(identifyMost) }
	var all []Look
	for _, l := range []struct {
		name, says string
		state      State
	}{
		{"starting", "starting, or not connected to the stage", NewState(Options{})},
		{"off", "off stage", connected()},
		{"pressed", "press felt, the stage has not answered yet", with(connected(), func(s *State) { s.ask.method = stage.RequestAccess })},
		{"requested", "asked for the stage", waiting(2)},
		{"next", "asked, and next in the queue", waiting(1)},
		{"refused", "refused; then the lamp of the state", with(connected(), refused)},
		{"accepted", "let on stage, waits for a press", with(connected(), func(s *State) { s.status = stage.Accepted })},
		{"silent", "on stage, nothing has left yet", speaking(false)},
		{"on-air", "**on air**: picture or sound leave", speaking(true)},
		{"time-over", "on air, speaking time nearly over or over", with(speaking(true), func(s *State) { s.turn.speaking.Phase = stage.TimeWarning })},
		{"suspended", "silenced by a chair's priority", with(speaking(false), func(s *State) { s.turn.suspended = true })},
		{"removed", "taken off stage by a host, or out of reach too long", with(connected(), refused)},
		{"identify", "identify: a host looks for this podium", with(connected(), identify)},
		{"identify-on-air", "identify, on air", with(speaking(true), identify)},
		{"fault", "fault of camera, microphone, panel or server, off stage", with(connected(), func(s *State) { s.faults = []Fault{{Part: PartCamera, Text: "gone"}} })},
		{"stopped", "stopped", with(connected(), func(s *State) { s.stopping = true })},
	} {
		all = append(all, Look{Name: l.name, Says: l.says, Lamps: l.state.lamps(now), Fault: len(l.state.faults) > 0})
	}
	return all
}
