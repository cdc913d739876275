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
	// OneButton: the panel has the request button alone. Pressed while waiting it
	// cancels, on stage it leaves.
	OneButton bool
	// Yellow: the panel has the lamp for faults.
	Yellow bool
}

const (
	// askFor is how long a press may stay unanswered. Then it lapses: a request
	// is never sent minutes later.
	askFor = 3 * time.Second
	// The pause before asking for a new publishing place, doubled each time.
	firstRetry = 250 * time.Millisecond
	lastRetry  = 5 * time.Second
	// identifyMost bounds how long the lamps say which podium this is.
	identifyMost = stage.IdentifyMs * time.Millisecond
	// longestWait bounds what a server may ask to wait.
	longestWait = 24 * time.Hour
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
	message  string  // why the last press was refused, for a person
	refusal  refusal // the same, for a program
	grant    grant   // the latest one, while it stands

	ask     ask
	nextID  uint64
	consent bool      // the speaker's own press for the turn to come
	asked   time.Time // when the request was made that the consent is for, as the server says; zero: not known
	giveUp  bool      // the speaker wants off, and the server has not heard it yet

	turn    turn
	peer    string   // our connection, as the server names it
	mine    []string // the connections that our latest turn lived through; never changed in place
	flowing bool

	refusedUntil  time.Time     // the three flashes
	identifyUntil time.Time     // both lamps flash, for whoever looks for this podium
	grantLasts    time.Duration // how long a grant of this meeting waits for its join; 0: for ever
	faults        []Fault       // by part; never changed in place
	stopping      bool

	effects []Effect // of the running step
}

// ask is a call of ours that the server has not answered.
type ask struct {
	method stage.Method // empty: nothing is asked
	id     uint64
	sent   bool // false: waits for the connection
	tried  bool // it was sent on an earlier connection, and may have arrived
	until  time.Time
}

// refusal is the stage's answer to the latest press.
type refusal struct {
	code  stage.Code // 0: it was not the stage's
	until time.Time  // until then the same press is refused again; zero: not known
}

// turn is this podium's own stay on stage: it exists from the answer to its own
// join to its end, and never comes back.
type turn struct {
	on        bool
	place     *stage.Place // nil: there is none to publish to
	opened    bool         // the place was handed to the gate
	suspended bool         // a chair holds priority: the turn goes on, and nothing leaves
	chair     string       // who holds it, as far as it was said
	unheard   bool         // the server has nothing of the publication that we believe in
	speaking  timing
	retryAt   time.Time
	pause     time.Duration
}

// NewState is a podium that has just started: closed, and not connected.
func NewState(o Options) State { return State{Options: o, status: stage.OffStage} }

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
	consider(s.identifyUntil)
	return at, !at.IsZero()
}

// refuse shows the three flashes.
func (s *State) refuse(message string, now time.Time) {
	s.message, s.refusal = message, refusal{}
	s.refusedUntil = now.Add(lamp.RefusedLength)
}

// clearMediaFaults forgets what was wrong with camera, microphone and their way:
// the next turn tries them anew.
func (s *State) clearMediaFaults() {
	s.faults = slices.DeleteFunc(slices.Clone(s.faults), func(f Fault) bool {
		return f.Part == PartCamera || f.Part == PartMicrophone || f.Part == PartMedia
	})
}

// faultOf gives what is wrong with a part; empty: nothing.
func (s *State) faultOf(part string) string {
	for _, f := range s.faults {
		if f.Part == part {
			return f.Text
		}
	}
	return ""
}

// isDark reports whether the lamps cannot be driven. Nothing leaves then.
func (s *State) isDark() bool { return s.faultOf(PartLamps) != "" }

// fault takes a fault, or its end. A turn whose lamps fail is over.
func (s *State) fault(f Fault, now time.Time) {
	s.setFault(f)
	if s.turn.on && s.isDark() {
		s.endTurn(s.gate(now)[0])
		s.getOff(now)
	}
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
