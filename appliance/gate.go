package appliance

import (
	"slices"
	"time"

	"podium/stage"
)

// Cause names why nothing may leave this podium.
type Cause string

// The causes that the podium's own state knows. The gate in publish has some of
// its own (publish.Reason), which the status shows when this one would be open.
const (
	CauseStopping   Cause = "stopping"     // the podium is being ended
	CauseNoTurn     Cause = "no_turn"      // this process has not been let on stage since its speaker's press
	CauseNotOnStage Cause = "not_on_stage" // the server says another status than ON_STAGE
	CauseLeaseOver  Cause = "lease_over"   // the server has not been heard for the lease's length
	CauseNoLamps    Cause = "no_lamps"     // the lamps' lines are not to be had: nobody could see that it is live
	CauseSuspended  Cause = "suspended"    // a chair holds priority: the turn goes on
	CauseNoPlace    Cause = "no_place"     // the turn goes on, and waits for a place to publish to
)

// The causes that end a turn and then are over themselves: from then on there is
// no turn. They are told to the log and the trace.
const (
	CauseCancelled Cause = "cancelled"      // the speaker pressed
	CauseElsewhere Cause = "another_device" // of the same participant: the turn is its
)

// Reason is a cause, and a sentence for a person.
type Reason struct {
	Reason Cause  `json:"reason"`
	Text   string `json:"text"`
}

// pausing are the causes that a turn outlives: what is silent for them opens again
// for the speaker's press for this very turn, which the turn stands for. Every
// other cause ends the turn, and with it the press.
var pausing = []Cause{CauseSuspended, CauseNoPlace}

// gate gives all that speaks against media leaving, the gravest first; nothing: it
// may. It is the one place that computes this. A turn exists only by this
// process's own join, after its speaker's press: the remote side may close, never
// open.
func (s *State) gate(now time.Time) (against []Reason) {
	say := func(holds bool, cause Cause, text string) {
		if holds {
			against = append(against, Reason{cause, text})
		}
	}
	say(s.stopping, CauseStopping, "the podium is stopping")
	say(!s.turn.on, CauseNoTurn, "no turn at this podium; the stage last said "+string(s.status))
	say(s.turn.on && s.status != stage.OnStage, CauseNotOnStage, "the stage says "+string(s.status)+because(string(s.reason)))
	say(s.turn.on && !now.Before(s.leaseEnd()), CauseLeaseOver, "nothing heard from the server for "+s.lease.String())
	say(s.isDark(), CauseNoLamps, "the lamps cannot be driven: "+s.faultOf(PartLamps))
	say(s.turn.suspended, CauseSuspended, "suspended by the chair"+because(s.turn.chair))
	say(s.turn.on && !s.turn.suspended && s.turn.place == nil, CauseNoPlace, "waiting for a publishing place")
	return against
}

func because(why string) string {
	if why == "" {
		return ""
	}
	return " (" + why + ")"
}

// mayGoOn reports whether a turn outlives what speaks against its media.
func mayGoOn(against []Reason) bool {
	return !slices.ContainsFunc(against, func(r Reason) bool { return !slices.Contains(pausing, r.Reason) })
}

// permitLength is how long media may leave on the word of one step. The loop steps
// much more often; one that hangs lets nothing out beyond it.
const permitLength = 2 * time.Second

// Permit gives the moment until which media may leave unless another step says
// more; ok is false when none may.
func (s *State) Permit(now time.Time) (until time.Time, ok bool) {
	if len(s.gate(now)) > 0 {
		return time.Time{}, false
	}
	until = now.Add(permitLength)
	if end := s.leaseEnd(); end.Before(until) {
		until = end
	}
	return until, true
}
