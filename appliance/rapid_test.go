package appliance

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"podium/hw/lamp"
	"podium/stage"
)

// anyEvent draws what the outside may bring, sense or nonsense.
func anyEvent(t *rapid.T, lastCall Call) Event {
	status := rapid.SampledFrom(stage.Statuses)
	reason := rapid.SampledFrom([]stage.Reason{
		stage.ReasonRequested, stage.ReasonApproved, stage.ReasonInvited, stage.ReasonJoined,
		stage.ReasonRemoved, stage.ReasonRejected, stage.ReasonLeaseExpired,
	})
	place := &stage.Place{URL: "http://hall/v1/whip/m", Token: "t"}
	return rapid.OneOf(
		rapid.Map(rapid.SampledFrom([]Button{ButtonRequest, ButtonCancel}), func(b Button) Event { return Press{Button: b} }),
		rapid.Map(status, func(s stage.Status) Event {
			return Connected{Joined: stage.Joined{
				Self:    stage.Participant{PeerID: "p", Status: s},
				LeaseMs: 5000, PublisherPeerID: rapid.SampledFrom([]string{"", "p", "q"}).Draw(t, "publisher"),
			}}
		}),
		rapid.Map(status, func(s stage.Status) Event {
			return StatusChanged{stage.StatusUpdate{Status: s, Reason: reason.Draw(t, "reason"), Position: 1}}
		}),
		rapid.Map(status, func(s stage.Status) Event {
			return Answered{ID: lastCall.ID, Result: stage.StatusResult{Status: s, Publish: place}}
		}),
		rapid.SampledFrom([]Event{
			Disconnected{}, Heard{}, Heard{}, Tick{}, Flowing{On: true}, Flowing{}, MediaLost{}, Moved{Position: 3},
			TurnedDown{Reason: stage.ReasonRejected},
			Answered{ID: lastCall.ID, Err: &stage.Error{Code: stage.CodeWrongStatus}},
			Answered{ID: lastCall.ID, Err: ErrInterrupted},
			Answered{ID: lastCall.ID, Err: errors.New("too many calls")},
			Fault{Part: PartCamera, Text: "gone"}, Fault{Part: PartCamera},
		}),
	).Draw(t, "event")
}

// safety holds what must be true after each step.
type safety struct {
	gateOpen bool
	pressed  bool // the speaker pressed request since the gate was last closed
	call     Call
}

func (k *safety) check(t *rapid.T, e Event, s State, effects []Effect, now time.Time) {
	if p, ok := e.(Press); ok {
		k.pressed = p.Button == ButtonRequest
	}
	for i, effect := range effects {
		switch effect := effect.(type) {
		case CloseGate:
			k.gateOpen = false
			if i != 0 {
				t.Fatalf("closing is effect %d: it must be the first", i)
			}
		case OpenGate:
			if !k.gateOpen && !k.pressed {
				t.Fatalf("the gate opened without this speaker's press")
			}
			k.gateOpen = true
		case Call:
			k.call = effect
		}
	}
	if !k.gateOpen {
		k.pressed = k.pressed && (s.ask.method != "" || s.consent)
	}
	open, _ := s.gate(now)
	if open != k.gateOpen {
		t.Fatalf("the state says open: %t, the effects say %t", open, k.gateOpen)
	}
	if open && (s.status != stage.OnStage || !now.Before(s.leaseEnd())) {
		t.Fatalf("open while %s, lease until %s, now %s", s.status, s.leaseEnd(), now)
	}
	red := s.lamps(now).Red
	if (red == lamp.On) != (open && s.flowing) || (red != lamp.Off) != open {
		t.Fatalf("red is %s while open: %t, packets leave: %t", red, open, s.flowing)
	}
	if at, ok := s.Deadline(); ok && !at.After(now) {
		t.Fatalf("a deadline at %s was not taken at %s", at, now)
	}
}

func TestNeverAHotMicrophone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := NewState(Options{PressToJoin: rapid.Bool().Draw(t, "press to join")})
		now, k := start, safety{}
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.SampledFrom([]int{0, 1, 250, 1000, 2999, 5000}).Draw(t, "ms")) * time.Millisecond)
			e := anyEvent(t, k.call)
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
