package model

import (
	"time"

	"pgregory.net/rapid"

	"podium/appliance"
	"podium/hw/lamp"
	"podium/stage"
)

// beatEvery is how often the loop steps at least while a turn is on.
const beatEvery = 250 * time.Millisecond

// site is one podium: a machine with its clock, its lines, its speaker, and the
// process that runs on it.
type site struct {
	w       *world
	name    string
	user    string
	preset  stage.Preset
	options appliance.Options
	clock   clock
	lines   lines

	life        int           // of processes on this machine
	bootAt      time.Duration // never: a process runs
	frozenUntil time.Duration // the machine sleeps, or the process is stopped
	hungUntil   time.Duration // the loop hangs; the rest of the process goes on
	hung        bool          // it has, once in this process

	state     appliance.State
	view      appliance.Status
	shown     appliance.Lamps // as the panel was told
	inbox     []message       // for a loop that hangs
	steppedAt time.Duration
	timerAt   time.Duration           // of the loop; it does not count the machine's sleep
	calls     map[uint64]stage.Method // of this process, by ID
	failing   []failing
	client    client
	pub       *publication // the newest; nil: none yet
	opened    map[string]bool

	presses   []*press // since the last cancel of this process
	cancelled bool     // the last press of this process was cancel
	known     mark
	heardAt   time.Time // by its own clock: when the last frame was read
	lastLeft  time.Duration
	awakeAt   time.Duration // when the machine stood still last
}

// GoString is how a draw shows it.
func (s *site) GoString() string { return s.name }

// message is an event on its way to the loop.
type message struct {
	event appliance.Event
	mark  mark // of what tells a status
}

// failing is a call that met no connection, and is answered in a moment.
type failing struct {
	at time.Duration
	id uint64
}

// boot starts a process on the machine.
func (s *site) boot() {
	s.life++
	s.bootAt, s.hungUntil, s.hung = never, 0, false
	s.state = appliance.NewState(s.options)
	s.inbox, s.failing, s.pub = nil, nil, nil
	s.calls, s.opened = map[uint64]stage.Method{}, map[string]bool{}
	s.client = client{site: s, dialAt: s.w.now, lease: lease, backoff: minBackoff}
	s.presses, s.cancelled, s.known = nil, false, mark{status: stage.OffStage}
	s.heardAt, s.steppedAt = time.Time{}, s.w.now
	s.look()
	if s.view.Gate.Open {
		s.w.fatalf("P2: %s starts with an open gate", s.name)
	}
}

// die ends the process: what it had open is closed by the kernel.
func (s *site) die(until time.Duration) {
	if c := s.client.conn; c != nil {
		c.gone = true
		s.w.send(&c.toServer, &s.lines, frame{kind: frameFin})
	}
	if s.pub != nil {
		s.pub.shut()
	}
	s.client = client{site: s, dialAt: never}
	s.bootAt, s.hungUntil, s.inbox, s.failing = until, 0, nil, nil
	s.shown = appliance.Lamps{Red: lamp.Off, Green: lamp.Off}
	s.presses, s.cancelled = nil, false
}

func (s *site) alive() bool      { return s.bootAt == never }
func (s *site) frozen() bool     { return s.frozenUntil != 0 }
func (s *site) hangs() bool      { return s.hungUntil != 0 }
func (s *site) local() time.Time { return s.clock.at(s.w.now) }

// soonest looks for what falls due on this machine.
func (s *site) soonest(d *due) {
	if !s.alive() {
		d.or(due{at: max(s.bootAt, s.frozenUntil), kind: boot, site: s})
		return
	}
	if s.frozen() {
		d.or(due{at: s.frozenUntil, kind: thaw, site: s})
		return
	}
	s.client.soonest(d)
	if s.pub != nil {
		s.pub.soonest(d)
	}
	if s.hangs() {
		d.or(due{at: s.hungUntil, kind: unhang, site: s})
		return
	}
	if len(s.failing) > 0 {
		d.or(due{at: s.failing[0].at, kind: callFailed, site: s})
	}
	d.or(due{at: s.timerAt, kind: tick, site: s})
}

// tell brings an event to the loop.
func (s *site) tell(m message) {
	switch {
	case !s.alive():
	case s.hangs() || s.frozen():
		s.inbox = append(s.inbox, m)
	default:
		s.step(m)
	}
}

// unhang lets the loop go on. Whether the timer or an event comes first is open.
func (s *site) unhang() {
	s.hungUntil, s.awakeAt = 0, s.w.now
	if s.timerAt <= s.w.now && !s.w.calm && rapid.Bool().Draw(s.w.t, "timer first") {
		s.step(message{event: appliance.Tick{}})
	}
	waiting := s.inbox
	s.inbox = nil
	for _, m := range waiting {
		if s.alive() {
			s.step(m)
		}
	}
}

// step is what appliance.Podium does with an event.
func (s *site) step(m message) {
	now := s.local()
	shown := s.view.Status
	next, effects := appliance.Step(s.state, m.event, now)
	s.state, s.steppedAt = next, s.w.now
	switch m.event.(type) {
	case appliance.Connected, appliance.StatusChanged, appliance.Answered:
		s.learned(m.mark)
	}
	if p, ok := m.event.(appliance.Press); ok {
		s.pressed(p, shown)
	}
	until, open := s.state.Permit(now)
	s.carryOut(m.event, effects, until)
	if open {
		s.pub.renew(until)
	}
	s.look()
	s.w.noteStep(s, m.event, effects)
	s.checkStep(m.event, effects)
}

func (s *site) look() {
	s.view = s.state.View(s.local())
	s.shown = s.view.Lamps
	s.timerAt = never
	if s.shown.Red != lamp.Off {
		s.timerAt = s.clock.after(s.w.now, beatEvery)
	}
	if at, ok := s.state.Deadline(); ok {
		s.timerAt = min(s.timerAt, max(s.w.now, s.clock.when(at)))
	}
}

// freeze stops the process, or puts the machine to sleep: then its timers stand
// still too, and only the clock of lease and permit goes on.
func (s *site) freeze(length time.Duration, sleeps bool) {
	s.frozenUntil = s.w.now + length
	if !sleeps {
		return
	}
	for _, at := range []*time.Duration{&s.timerAt, &s.client.dialAt, &s.client.readEnd} {
		if *at != never {
			*at += length
		}
	}
}

func (s *site) carryOut(e appliance.Event, effects []appliance.Effect, until time.Time) {
	for _, effect := range effects {
		switch effect := effect.(type) {
		case appliance.CloseGate:
			s.close()
		case appliance.OpenGate:
			s.checkOpening(e, effect.Place)
			s.open(effect.Place, until)
		case appliance.Call:
			s.calls[effect.ID] = effect.Method
			s.client.call(effect)
		}
	}
}

// stop ends the process on purpose: silence, and a good-bye.
func (s *site) stop(until time.Duration) {
	s.step(message{event: appliance.Stop{}})
	s.close()
	if c := s.client.conn; c != nil && s.client.joined {
		s.w.send(&c.toServer, &s.lines, frame{kind: frameLeave})
	}
	s.die(until)
}
