package appliance

import (
	"slices"
	"time"

	"podium/hw/lamp"
	"podium/stage"
)

// Options shape a podium's behaviour.
type Options struct {
	// PressToJoin: every turn wants a second press. False: the press that asked
	// is the consent for that turn, so an approval goes live by itself. An
	// invitation always wants a press.
	PressToJoin bool
}

const (
	// askFor is how long a press may stay unanswered. Then it lapses: a request
	// is never sent minutes later.
	askFor = 3 * time.Second
	// The pause before asking for a new publishing place, doubled each time.
	firstRetry = 250 * time.Millisecond
	lastRetry  = 5 * time.Second
)

// State is all that the podium knows. It is a value: Step copies it.
type State struct {
	Options Options

	connected bool
	heardAt   time.Time
	lease     time.Duration

	status   stage.Status // as the server last said
	reason   stage.Reason
	position int
	message  string // why the last press was refused, for a person

	ask     ask
	nextID  uint64
	consent bool // the speaker's own press for the turn to come
	giveUp  bool // the speaker wants off, and the server has not heard it yet

	turn    turn
	peer    string   // our connection, as the server names it
	mine    []string // the connections that our latest turn lived through; never changed in place
	flowing bool

	refusedUntil time.Time // the three flashes
	faults       []Fault   // by part; never changed in place
	stopping     bool

	effects []Effect // of the running step
}

// ask is a call of ours that the server has not answered.
type ask struct {
	method stage.Method // empty: nothing is asked
	id     uint64
	sent   bool // false: waits for the connection
	until  time.Time
}

// turn is this podium's own stay on stage: it exists from the answer to its own
// join to its end, and never comes back.
type turn struct {
	on      bool
	place   stage.Place
	opened  bool // the place was handed to the gate
	retryAt time.Time
	pause   time.Duration
}

// NewState is a podium that has just started: closed, and not connected.
func NewState(o Options) State { return State{Options: o, status: stage.OffStage} }

// gate says whether media may leave, and why not. It is the one place that
// computes this, and its default is closed: the remote side may close, never
// open.
func (s *State) gate(now time.Time) (open bool, why string) {
	switch {
	case s.stopping:
		return false, "the podium is stopping"
	case !s.turn.on:
		return false, "no turn: the stage says " + string(s.status)
	case s.status != stage.OnStage:
		return false, "the stage says " + string(s.status) + because(s.reason)
	case !now.Before(s.leaseEnd()):
		return false, "nothing heard from the server for " + s.lease.String()
	default:
		return true, ""
	}
}

func because(r stage.Reason) string {
	if r == "" {
		return ""
	}
	return " (" + string(r) + ")"
}

func (s *State) leaseEnd() time.Time { return s.heardAt.Add(s.lease) }

// Deadline gives the moment at which a Tick is due; ok is false when nothing
// waits for time.
func (s *State) Deadline() (at time.Time, ok bool) {
	consider := func(t time.Time) {
		if !t.IsZero() && (at.IsZero() || t.Before(at)) {
			at = t
		}
	}
	if s.ask.method != "" {
		consider(s.ask.until)
	}
	if s.turn.on {
		consider(s.leaseEnd())
		if s.ask.method == "" { // else the answer comes first
			consider(s.turn.retryAt)
		}
	}
	consider(s.refusedUntil)
	return at, !at.IsZero()
}

// refuse shows the three flashes.
func (s *State) refuse(message string, now time.Time) {
	s.message = message
	s.refusedUntil = now.Add(lamp.RefusedLength)
}

// clearDeviceFaults forgets what was wrong with camera and microphone: the next
// turn tries them anew.
func (s *State) clearDeviceFaults() {
	s.faults = slices.DeleteFunc(slices.Clone(s.faults), func(f Fault) bool {
		return f.Part == PartCamera || f.Part == PartMicrophone
	})
}

func (s *State) setFault(f Fault) {
	kept := slices.DeleteFunc(slices.Clone(s.faults), func(old Fault) bool { return old.Part == f.Part })
	if f.Text != "" {
		kept = append(kept, f)
	}
	s.faults = kept
}

// do adds an effect. Closing goes before everything else.
func (s *State) do(e Effect) {
	if _, closing := e.(CloseGate); closing {
		s.effects = slices.Insert(s.effects, 0, e)
		return
	}
	s.effects = append(s.effects, e)
}
