package appliance

import (
	"testing"

	"podium/stage"
)

// TestNobodyElseTakesTheStage: a stage that is given without a press is not even
// asked for, whatever the reason, at the first word of it and at every other.
func TestNobodyElseTakesTheStage(t *testing.T) {
	for _, reason := range []stage.Reason{stage.ReasonApproved, stage.ReasonRequested, stage.ReasonInvited, stage.ReasonJoined, "of tomorrow"} {
		for _, from := range stage.Statuses {
			c := online(t)
			for range 2 {
				c.status(stage.Accepted, from, reason)
				c.want()
				c.wantGate(false)
			}
			c.wait(lease / 2)
			c.want()
		}
	}
}

// TestClosingGoesFirst: a step that has a call due and then closes does not make
// the call before it has closed.
func TestClosingGoesFirst(t *testing.T) {
	for name, end := range map[string]Event{
		"kick": StatusChanged{stage.StatusUpdate{Status: stage.OffStage, Previous: stage.OnStage, Reason: stage.ReasonRemoved}},
		"stop": Stop{},
	} {
		t.Run(name, func(t *testing.T) {
			c := speaking(t)
			c.feed(MediaLost{Why: "ICE failed"})
			c.now = c.now.Add(firstRetry) // a new place is due to be asked for
			c.feed(end)
			c.want("close gate", "stage.publish")
		})
	}
}
