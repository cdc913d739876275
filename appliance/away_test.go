package appliance

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"podium/hw/lamp"
	"podium/stage"
)

func TestLeaseEndsTheTurn(t *testing.T) {
	c := speaking(t)
	c.feed(Disconnected{Why: "cable"})
	c.silence(lease - time.Millisecond)
	c.wantGate(true)
	c.wantLamps(lamp.On, lamp.Off)
	c.silence(time.Millisecond)
	c.want("close gate: nothing heard")
	c.wantLamps(lamp.Off, lamp.Refused)
	// The server comes back and still believes in the turn: it is told.
	c.connect(stage.OnStage, "peer-1")
	c.want("stage.leave")
	c.wantGate(false)
}

func TestALateWordRevivesNothing(t *testing.T) {
	c := speaking(t)
	c.now = c.now.Add(lease)
	c.feed(Heard{}) // comes in before the tick that was due
	c.want("close gate", "stage.leave")
	c.wantGate(false)
}

func TestBackWithinTheLease(t *testing.T) {
	for _, row := range []struct {
		name, publisher string
		want            []string
		open            bool
	}{
		{"the server missed the old connection", "self", nil, true},
		{"the server still counts the old connection", "peer-1", []string{"stage.publish"}, true},
		{"a twin took the turn", "another", []string{"close gate"}, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := speaking(t)
			c.feed(Disconnected{Why: "cable"})
			c.silence(time.Second)
			c.connect(stage.OnStage, row.publisher)
			c.want(row.want...)
			c.wantGate(row.open)
		})
	}
}

func TestTheTurnFellWhileAway(t *testing.T) {
	c := speaking(t)
	c.feed(Disconnected{Why: "cable"})
	c.silence(time.Second)
	c.connect(stage.OffStage, "")
	c.want("close gate")
}

func TestAPressWhileAwayLapses(t *testing.T) {
	c := newScript(t, Options{})
	c.press(ButtonRequest)
	c.want()
	c.wantLamps(lamp.Off, lamp.On)
	c.silence(askFor)
	c.wantLamps(lamp.Off, lamp.Refused)
	c.connect(stage.OffStage, "")
	c.want()
}

func TestAPressWhileAwayIsSentInTime(t *testing.T) {
	c := newScript(t, Options{})
	c.press(ButtonRequest)
	c.silence(time.Second)
	c.connect(stage.OffStage, "")
	c.want("requestAccess")
}

func TestAnUnansweredRequestIsTakenBack(t *testing.T) {
	c := online(t)
	c.press(ButtonRequest)
	c.wait(askFor)
	c.want("cancelRequestAccess")
	c.wantLamps(lamp.Off, lamp.Refused)
}

func TestLeavingIsToldWhenTheServerIsBack(t *testing.T) {
	c := speaking(t)
	c.feed(Disconnected{Why: "cable"})
	c.press(ButtonCancel)
	c.want("close gate")
	c.connect(stage.OnStage, "self")
	c.want("stage.leave")
}

func TestARefusedPress(t *testing.T) {
	c := online(t)
	c.press(ButtonRequest)
	c.refuse(stage.CodePermissionDenied)
	c.wantLamps(lamp.Off, lamp.Refused)
	c.status(stage.Accepted, stage.OffStage, stage.ReasonApproved)
	c.want() // the press is spent
}

func TestABrokenCallWaitsForTheConnection(t *testing.T) {
	c := online(t)
	c.press(ButtonRequest)
	c.feed(Answered{ID: c.call.ID, Err: fmt.Errorf("%w: cable", ErrInterrupted)})
	c.feed(Disconnected{})
	c.connect(stage.OffStage, "")
	c.want("requestAccess")
}

func TestLostMediaGetsANewPlace(t *testing.T) {
	c := speaking(t)
	c.feed(MediaLost{Why: "ICE failed"})
	c.wantLamps(lamp.Slow, lamp.Off)
	c.want()
	c.wait(firstRetry)
	c.want("stage.publish")
	c.answer(stage.OnStage)
	c.want("open gate")
	c.feed(MediaLost{Why: "refused"})
	c.wait(firstRetry)
	c.want() // the pause doubles
	c.wait(firstRetry)
	c.want("stage.publish")
	c.refuse(stage.CodeWrongStatus)
	c.want()
	c.status(stage.OffStage, stage.OnStage, stage.ReasonRemoved)
	c.want("close gate")
}

func TestStopCloses(t *testing.T) {
	c := speaking(t)
	c.feed(Stop{})
	c.want("close gate: the podium is stopping")
	c.wantLamps(lamp.Off, lamp.Off)
}

func TestFaultShowsOffStage(t *testing.T) {
	c := online(t)
	c.feed(Fault{Part: PartCamera, Text: "gone"})
	c.wantLamps(lamp.Off, lamp.Fault)
	c.press(ButtonRequest) // a new try
	c.answer(stage.Requested)
	c.status(stage.Requested, stage.OffStage, stage.ReasonRequested)
	c.wantLamps(lamp.Off, lamp.Slow)
	if len(c.s.faults) != 0 {
		t.Errorf("faults %v are still there", c.s.faults)
	}
}

func TestTooManyCalls(t *testing.T) {
	c := online(t)
	c.press(ButtonRequest)
	c.feed(Answered{ID: c.call.ID, Err: errors.New("too many calls: wait 40 ms")})
	c.wantLamps(lamp.Off, lamp.Refused)
	c = speaking(t)
	c.press(ButtonCancel)
	c.feed(Answered{ID: c.call.ID, Err: errors.New("too many calls: wait 40 ms")})
	c.wait(askFor)
	c.want("stage.leave") // a wish to get off is never given up
}

func TestAConnectionOutsideTheMeetingRenewsNothing(t *testing.T) {
	c := speaking(t)
	c.feed(Disconnected{Why: "cable"})
	c.wait(lease - time.Second) // heard, but not joined
	c.wantGate(true)
	c.wait(time.Second)
	c.want("close gate: nothing heard")
}

func TestAJoinIsNotCarriedOverALostConnection(t *testing.T) {
	c := requested(t)
	c.status(stage.Accepted, stage.Requested, stage.ReasonApproved)
	c.want("stage.join")
	c.feed(Disconnected{Why: "cable"})
	c.wantLamps(lamp.Off, lamp.Refused)
	c.connect(stage.Accepted, "") // by an invitation, for all that can be known
	c.want("stage.leave")
	c.wantGate(false)
}

func TestConsentIsForOneTurn(t *testing.T) {
	c := speaking(t)
	c.status(stage.Accepted, stage.OnStage, stage.ReasonApproved)
	c.want("close gate")
	c.wantGate(false)
}
