package appliance

import (
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"podium/hw/lamp"
	"podium/stage"
	"podium/test/random"
)

// anyEvent draws what the outside may bring, sense or nonsense.
func anyEvent(t *rapid.T, lastCall Call) Event {
	status := rapid.SampledFrom(stage.Statuses)
	reason := rapid.SampledFrom([]stage.Reason{
		stage.ReasonRequested, stage.ReasonApproved, stage.ReasonInvited, stage.ReasonJoined,
		stage.ReasonRemoved, stage.ReasonRejected, stage.ReasonLeaseExpired,
	})
	place := &stage.Place{URL: "http://hall/v1/whip/m", Token: rapid.StringN(8, 8, -1).Draw(t, "token")}
	held := rapid.Bool().Draw(t, "held")
	return rapid.OneOf(
		rapid.Map(rapid.SampledFrom([]Button{ButtonRequest, ButtonCancel}), func(b Button) Event { return Press{Button: b} }),
		rapid.Map(status, func(s stage.Status) Event {
			return Connected{Joined: stage.Joined{
				Self: stage.Participant{
					PeerID: "p", Status: s, OnAir: rapid.Bool().Draw(t, "on air"), TurnState: &stage.TurnState{Suspended: held},
				},
				LeaseMs: 5000, PublisherPeerID: rapid.SampledFrom([]string{"", "p", "q"}).Draw(t, "publisher"),
			}}
		}),
		rapid.Map(status, func(s stage.Status) Event {
			return StatusChanged{stage.StatusUpdate{Status: s, Reason: reason.Draw(t, "reason"), Position: 1}}
		}),
		rapid.Map(status, func(s stage.Status) Event {
			return Answered{ID: lastCall.ID, Result: stage.StatusResult{Status: s, Publish: place}}
		}),
		rapid.Map(status, func(s stage.Status) Event {
			return Answered{ID: lastCall.ID, Result: stage.StatusResult{Status: s, Suspended: held, Publish: place}}
		}),
		rapid.SampledFrom([]Event{
			Suspended{stage.Suspended{Suspended: held}}, Suspended{stage.Suspended{Suspended: held}},
			Granted{stage.Approved{Invited: held}}, Aired{On: held}, SettingsChanged{stage.Settings{GrantExpiryMs: 60_000}},
			Identify{For: time.Duration(rapid.Int64().Draw(t, "for"))},
			Timed{stage.TimeUpdate{Phase: stage.TimeWarning, RemainingMs: rapid.Int64().Draw(t, "left")}},
			Timed{stage.TimeUpdate{Phase: stage.TimePaused}},
		}),
		rapid.SampledFrom([]Event{
			Disconnected{}, Heard{}, Heard{}, Tick{}, Flowing{On: true}, Flowing{}, MediaLost{}, Moved{Position: 3},
			TurnedDown{Reason: stage.ReasonRejected}, MediaLost{Refused: true},
			Answered{ID: lastCall.ID, Err: &stage.Error{Code: stage.CodeWrongStatus}},
			Answered{ID: lastCall.ID, Err: ErrInterrupted},
			Answered{ID: lastCall.ID, Err: errors.New("too many calls")},
			Fault{Part: PartCamera, Text: "gone"}, Fault{Part: PartCamera},
			Fault{Part: PartLamps, Text: "busy"}, Fault{Part: PartLamps}, Fault{Part: PartLamps},
		}),
	).Draw(t, "event")
}

// safety holds what must be true after each step.
type safety struct {
	gateOpen bool
	pressed  bool // the speaker pressed request for the turn that runs or is to come
	inTurn   bool
	call     Call
	used     map[string]bool // the places' tokens
}

// opened is called for each opening: an answer to the podium's own call brings
// the place, for a turn that this speaker pressed for, and it is used once.
func (k *safety) opened(t *rapid.T, e Event, place stage.Place) {
	a, ok := e.(Answered)
	switch {
	case !k.pressed:
		t.Fatalf("the gate opened without this speaker's press")
	case !ok || a.ID != k.call.ID || (k.call.Method != stage.Join && k.call.Method != stage.Publish):
		t.Fatalf("the gate opened by %s while %s was asked", describe(e), k.call.Method)
	case a.Result.Suspended:
		t.Fatal("the gate opened for a suspended turn")
	case k.used[place.Token]:
		t.Fatalf("the place %q was used twice", place.Token)
	}
	k.used[place.Token], k.gateOpen = true, true
}

// suspended reports whether the event says that a chair silences the turn.
func suspended(e Event) bool {
	switch e := e.(type) {
	case Suspended:
		return e.Suspended.Suspended
	case Connected:
		return e.Joined.Self.TurnState.Suspended
	default:
		return false
	}
}

func (k *safety) check(t *rapid.T, e Event, s State, effects []Effect, now time.Time) {
	if p, ok := e.(Press); ok {
		k.pressed = p.Button == ButtonRequest && !p.Long
	}
	for i, effect := range effects {
		switch effect := effect.(type) {
		case CloseGate:
			k.gateOpen = false
			if i != 0 {
				t.Fatalf("closing is effect %d: it must be the first", i)
			}
		case OpenGate:
			k.opened(t, e, effect.Place)
		case Call:
			k.call = effect
		}
	}
	press, isPress := e.(Press)
	if k.inTurn && !s.turn.on && !(isPress && press.Button == ButtonRequest) { // what it was pressed for is over
		k.pressed = false
	}
	k.inTurn = s.turn.on
	k.pressed = k.pressed && (s.turn.on || s.ask.method != "" || s.consent)
	if suspended(e) && k.gateOpen {
		t.Fatal("open though suspended")
	}
	_, open := s.Permit(now)
	if open != k.gateOpen {
		t.Fatalf("the state says open: %t, the effects say %t", open, k.gateOpen)
	}
	if open && (s.status != stage.OnStage || !now.Before(s.leaseEnd())) {
		t.Fatalf("open while %s, lease until %s, now %s", s.status, s.leaseEnd(), now)
	}
	if open && s.isDark() {
		t.Fatal("open with lamps that cannot be driven")
	}
	k.tally(t, s, open, now)
	if s.turn.on && !s.turn.suspended && s.turn.place == nil && s.ask.method != stage.Publish && s.turn.retryAt.IsZero() {
		t.Fatal("a turn waits for a place that nobody asks for")
	}
	if at, ok := s.Deadline(); ok && !at.After(now) {
		t.Fatalf("a deadline at %s was not taken at %s", at, now)
	}
}

// tally holds what the red lamp says of the microphone.
func (k *safety) tally(t *rapid.T, s State, open bool, now time.Time) {
	lamps := s.lamps(now)
	if s.flowing && !open {
		t.Fatal("packets are believed to leave a closed gate")
	}
	var want []lamp.Pattern
	switch {
	case s.stopping:
		want = []lamp.Pattern{lamp.Off}
	case s.flowing && s.turn.speaking.pressing():
		want = []lamp.Pattern{lamp.Fast}
	case s.flowing:
		want = []lamp.Pattern{lamp.On}
	case s.turn.on:
		want = []lamp.Pattern{lamp.Slow, lamp.Fast}
	case s.identifying(now):
		want = []lamp.Pattern{lamp.Fast, lamp.Off} // off while the green one answers a press
	default:
		want = []lamp.Pattern{lamp.Off}
	}
	if !slices.Contains(want, lamps.Red) || (lamps.Red == lamp.Fast && !s.flowing && lamps.Green != lamp.FastInverse) {
		t.Fatalf("lamps %v while packets leave: %t, open: %t", lamps, s.flowing, open)
	}
}

func TestNeverAHotMicrophone(t *testing.T) {
	random.Check(t, "appliance", func(t *rapid.T, step func()) {
		s := NewState(Options{
			PressToJoin: rapid.Bool().Draw(t, "press to join"), OneButton: rapid.Bool().Draw(t, "one button"), Yellow: rapid.Bool().Draw(t, "yellow"),
		})
		now, k := start, safety{used: map[string]bool{}}
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.SampledFrom([]int{0, 1, 250, 1000, 2999, 5000}).Draw(t, "ms")) * time.Millisecond)
			e := anyEvent(t, k.call)
			step()
			var effects []Effect
			s, effects = Step(s, e, now)
			k.check(t, e, s, effects, now)
		}
		s, effects := Step(s, Stop{}, now)
		k.check(t, Stop{}, s, effects, now)
		if k.gateOpen {
			t.Fatal("open after the stop")
		}
	})
}
