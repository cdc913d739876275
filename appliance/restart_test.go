package appliance

import (
	"testing"
	"time"

	"podium/hw/lamp"
	"podium/stage"
)

// TestARestartedServerHasNothingOfThePublication: the turn goes on with a new
// place long before ICE notices, unless our media arrives after all.
func TestARestartedServerHasNothingOfThePublication(t *testing.T) {
	c := speaking(t)
	c.feed(Disconnected{Why: "server stopped"})
	c.silence(time.Second)
	c.connectAs(stage.OnStage, "self", stage.Participant{OnAir: false})
	c.want() // nothing is torn down yet
	c.wantGate(true)
	c.wait(firstRetry)
	c.want("stage.publish")
	c.answer(stage.OnStage)
	c.want("open gate") // it replaces the dead one
	c.wantLamps(lamp.Slow, lamp.Off)
	c.feed(Flowing{On: false}) // of the dead one
	c.feed(Flowing{On: true})
	c.wantLamps(lamp.On, lamp.Off)
	c.wait(lastRetry / 2)
	c.want()
}

func TestAMereReconnectKeepsThePublication(t *testing.T) {
	for _, row := range []struct {
		name  string
		onAir bool
		then  func(c *script)
	}{
		{"the server hears us", true, func(*script) {}},
		{"the server hears us again in a moment", false, func(c *script) { c.feed(Aired{On: true}) }},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := speaking(t)
			c.feed(Disconnected{Why: "cable"})
			c.silence(time.Second)
			c.connectAs(stage.OnStage, "self", stage.Participant{OnAir: row.onAir})
			c.want()
			row.then(c)
			for range 10 {
				c.wait(firstRetry)
				c.want()
				c.wantGate(true)
				c.wantLamps(lamp.On, lamp.Off)
			}
		})
	}
}

// TestThePlaceIsNotReplacedWhenMediaArrivesAfterAll: the call was made, and
// meanwhile the server hears us.
func TestThePlaceIsNotReplacedWhenMediaArrivesAfterAll(t *testing.T) {
	c := speaking(t)
	c.feed(Disconnected{Why: "cable"})
	c.connectAs(stage.OnStage, "self", stage.Participant{OnAir: false})
	c.wait(firstRetry)
	c.want("stage.publish")
	c.feed(Aired{On: true})
	c.answer(stage.OnStage)
	c.want()
	c.wantLamps(lamp.On, lamp.Off)
}

// TestABroughtOverTurnWithoutMediaGetsANewPlace: one call serves both.
func TestABroughtOverTurnWithoutMediaGetsANewPlace(t *testing.T) {
	c := speaking(t)
	c.feed(Disconnected{Why: "cable"})
	c.connectAs(stage.OnStage, "peer-1", stage.Participant{OnAir: false})
	c.want("stage.publish")
	c.answer(stage.OnStage)
	c.want("open gate")
	c.wait(firstRetry)
	c.want() // and no second one
}

func TestARequestOutlivesTheServer(t *testing.T) {
	c := requested(t)
	c.feed(Disconnected{Why: "server stopped"})
	c.silence(2 * lease)
	c.wantLamps(lamp.Off, lamp.Blip)
	c.connect(stage.Requested, "")
	c.want()
	c.status(stage.Requested, stage.Requested, stage.ReasonJoined)
	c.wantLamps(lamp.Off, lamp.Slow)
	c.status(stage.Accepted, stage.Requested, stage.ReasonApproved)
	c.want("stage.join")
}

// TestAGrantThatOutlivesTheServerWantsAPress: what is granted by then may not be
// what the speaker pressed for.
func TestAGrantThatOutlivesTheServerWantsAPress(t *testing.T) {
	c := requested(t)
	c.feed(Disconnected{Why: "server stopped"})
	c.silence(time.Second)
	c.connect(stage.Accepted, "")
	c.want()
	c.status(stage.Accepted, stage.Accepted, stage.ReasonJoined)
	c.want()
	c.wantLamps(lamp.Off, lamp.Fast)
	c.press(ButtonRequest)
	c.want("stage.join")
}

// TestASuspendedTurnIsBroughtOver: the server still counts it to a connection
// that it has not missed yet, and its lease would end the turn.
func TestASuspendedTurnIsBroughtOver(t *testing.T) {
	c := speaking(t)
	c.suspend(true)
	c.feed(Disconnected{Why: "cable"})
	c.connectAs(stage.OnStage, "peer-1", stage.Participant{TurnState: &stage.TurnState{Suspended: true}})
	c.want("stage.publish")
	c.feed(Answered{ID: c.call.ID, Result: stage.StatusResult{Status: stage.OnStage, Suspended: true}})
	c.want()
	c.wantLamps(lamp.Slow, lamp.SlowInverse)
	c.suspend(false)
	c.want("stage.publish")
	c.answer(stage.OnStage)
	c.want("open gate")
}
