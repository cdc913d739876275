package appliance

import (
	"testing"
	"time"

	"podium/hw/lamp"
	"podium/stage"
)

func (c *script) suspend(held bool) {
	c.t.Helper()
	c.feed(Suspended{stage.Suspended{Suspended: held, By: "chair"}})
}

// joinSuspended is a podium that went on stage while a chair held priority.
func joinSuspended(t *testing.T) *script {
	c := requested(t)
	c.status(stage.Accepted, stage.Requested, stage.ReasonApproved)
	c.feed(Answered{ID: c.call.ID, Result: stage.StatusResult{Status: stage.OnStage, Suspended: true}})
	c.status(stage.OnStage, stage.Accepted, stage.ReasonJoined)
	return c
}

func TestAChairSuspendsTheTurnAndLetsItGoOn(t *testing.T) {
	c := speaking(t)
	c.suspend(true)
	c.want("close gate: suspended by the chair (chair)")
	c.wantGate(false)
	c.wantLamps(lamp.Slow, lamp.SlowInverse)
	if v := c.s.View(c.now); v.OnAir || !v.Suspended || v.Status != stage.OnStage || v.Gate.Why != "suspended by the chair (chair)" {
		t.Errorf("status %+v", v)
	}
	c.suspend(true) // once is enough
	c.want()
	for range 1000 {
		c.wait(lease / 2)
		c.want()
	}
	c.suspend(false)
	c.want("stage.publish")
	c.wantGate(false)
	c.wantLamps(lamp.Slow, lamp.Off)
	c.answer(stage.OnStage)
	c.want("open gate")
	c.wantGate(true)
	c.feed(Flowing{On: true})
	c.wantLamps(lamp.On, lamp.Off)
	c.suspend(false) // nothing to end: the publication goes on
	c.want()
}

func TestJoiningWhileSuspended(t *testing.T) {
	c := joinSuspended(t)
	c.want()
	c.wantGate(false)
	c.wantLamps(lamp.Slow, lamp.SlowInverse)
	c.suspend(false)
	c.want("stage.publish")
	c.answer(stage.OnStage)
	c.want("open gate")
}

// TestAPlaceGivenWhileSuspendedIsNotUsed: neither with the answer that says
// suspended, nor with one that was on its way when the chair took priority.
func TestAPlaceGivenWhileSuspendedIsNotUsed(t *testing.T) {
	place := &stage.Place{URL: "http://hall/v1/whip/m", Token: "t", Media: []stage.Media{stage.Audio}}
	c := requested(t)
	c.status(stage.Accepted, stage.Requested, stage.ReasonApproved)
	c.feed(Answered{ID: c.call.ID, Result: stage.StatusResult{Status: stage.OnStage, Suspended: true, Publish: place}})
	c.want()
	c.wantGate(false)
	c.suspend(false)
	c.want("stage.publish")
	c.suspend(true)
	c.feed(Answered{ID: c.call.ID, Result: stage.StatusResult{Status: stage.OnStage, Publish: place}})
	c.want()
	c.wantGate(false)
	c.suspend(false)
	c.want("stage.publish")
	c.feed(Answered{ID: c.call.ID, Result: stage.StatusResult{Status: stage.OnStage, Suspended: true}})
	c.want()
	c.wantLamps(lamp.Slow, lamp.SlowInverse)
}

func TestWhatEndsASuspendedTurn(t *testing.T) {
	for _, row := range []struct {
		name string
		end  func(c *script)
		want []string
	}{
		{"cancel", func(c *script) { c.press(ButtonCancel) }, []string{"close gate", "stage.leave"}},
		{"a host", func(c *script) { c.status(stage.OffStage, stage.OnStage, stage.ReasonRemoved) }, []string{"close gate"}},
		{"the lease", func(c *script) { c.silence(lease) }, []string{"close gate", "stage.leave"}},
		{"the podium's stop", func(c *script) { c.feed(Stop{}) }, []string{"close gate"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := speaking(t)
			c.suspend(true)
			row.end(c)
			c.want(row.want...)
			c.suspend(false)
			c.want()
			c.wantGate(false)
			c.status(stage.OnStage, stage.OffStage, stage.ReasonJoined)
			c.suspend(false)
			c.want()
			c.wantGate(false)
		})
	}
}

// TestNobodyGoesLiveByAnotherTurnsRelease: a new process and a twin have no
// press for the turn that goes on.
func TestNobodyGoesLiveByAnotherTurnsRelease(t *testing.T) {
	for _, publisher := range []string{"self", "another"} {
		c := newScript(t, Options{})
		c.connectAs(stage.OnStage, publisher, stage.Participant{TurnState: &stage.TurnState{Suspended: true}})
		c.suspend(true)
		c.suspend(false)
		c.want()
		c.wantGate(false)
		c.wantLamps(lamp.Off, lamp.Off)
	}
}

// TestReconnectingAroundASuspension: what happened meanwhile is in the answer to
// meeting.join.
func TestReconnectingAroundASuspension(t *testing.T) {
	held := stage.Participant{TurnState: &stage.TurnState{Suspended: true}}
	free := stage.Participant{OnAir: false, TurnState: &stage.TurnState{}}
	c := speaking(t)
	c.feed(Disconnected{Why: "cable"})
	c.silence(time.Second)
	c.connectAs(stage.OnStage, "self", held)
	c.want("close gate: suspended by the chair")
	c.wantLamps(lamp.Slow, lamp.SlowInverse)
	c.feed(Disconnected{Why: "cable"})
	c.silence(time.Second)
	c.connectAs(stage.OnStage, "self", held)
	c.want()
	c.feed(Disconnected{Why: "cable"})
	c.silence(time.Second)
	c.connectAs(stage.OnStage, "self", free)
	c.want("stage.publish")
	c.answer(stage.OnStage)
	c.want("open gate")
}

// TestTheServersCutIsNoLoss: the server cuts the media of a suspended podium,
// which the publisher may notice before or after the word on it.
func TestTheServersCutIsNoLoss(t *testing.T) {
	for _, first := range []bool{true, false} {
		c := speaking(t)
		if first {
			c.feed(MediaLost{Why: "cut"})
		}
		c.suspend(true)
		c.want("close gate: suspended")
		if !first {
			c.feed(MediaLost{Why: "cut"})
		}
		c.wait(lastRetry / 2)
		c.want()
		c.wait(lastRetry / 2)
		c.want()
		c.wantLamps(lamp.Slow, lamp.SlowInverse)
		if v := c.s.View(c.now); v.Message != "" {
			t.Errorf("the cut is shown as %q", v.Message)
		}
	}
}

// TestALateFlowOfAClosedGateIsNoTally: what the publisher told before it was
// closed may come in after it.
func TestALateFlowOfAClosedGateIsNoTally(t *testing.T) {
	c := speaking(t)
	c.suspend(true)
	c.feed(Flowing{On: true})
	c.wantLamps(lamp.Slow, lamp.SlowInverse)
	c.suspend(false)
	c.answer(stage.OnStage)
	c.want("open gate")
	c.wantLamps(lamp.Slow, lamp.Off)
}
