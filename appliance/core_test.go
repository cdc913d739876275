package appliance

import (
	"testing"

	"podium/hw/lamp"
	"podium/stage"
)

func TestAPressGoesOnAir(t *testing.T) {
	c := newScript(t, Options{})
	c.wantLamps(lamp.Off, lamp.Blip)
	c.connect(stage.OffStage, "")
	c.wantLamps(lamp.Off, lamp.Off)
	c.press(ButtonRequest)
	c.want("requestAccess")
	c.wantLamps(lamp.Off, lamp.On)
	c.answer(stage.Requested)
	c.status(stage.Requested, stage.OffStage, stage.ReasonRequested)
	c.want()
	c.wantLamps(lamp.Off, lamp.Slow)
	c.feed(Moved{Position: 1})
	c.wantLamps(lamp.Off, lamp.DoubleBlip)
	c.status(stage.Accepted, stage.Requested, stage.ReasonApproved)
	c.want("stage.join")
	c.wantGate(false)
	c.answer(stage.OnStage)
	c.want("open gate")
	c.wantGate(true)
	c.wantLamps(lamp.Slow, lamp.Off)
	c.feed(Flowing{On: true})
	c.wantLamps(lamp.On, lamp.Off)
	c.feed(TurnedDown{Reason: stage.ReasonRemoved})
	c.status(stage.OffStage, stage.OnStage, stage.ReasonRemoved)
	c.want("close gate")
	c.wantGate(false)
	c.wantLamps(lamp.Off, lamp.Refused)
	c.wait(lamp.RefusedLength)
	c.wantLamps(lamp.Off, lamp.Off)
}

func TestCancelIsSilenceFirst(t *testing.T) {
	c := speaking(t)
	c.press(ButtonCancel)
	c.want("close gate: the speaker pressed cancel", "stage.leave")
	c.wantLamps(lamp.Off, lamp.Off)
	c.answer(stage.OffStage)
	c.status(stage.OffStage, stage.OnStage, stage.ReasonLeft)
	c.wantGate(false)
}

// TestButtons has a row for each cell of the table of buttons.
func TestButtons(t *testing.T) {
	off := online
	accepted := func(t *testing.T) *script {
		c := online(t)
		c.status(stage.Accepted, stage.OffStage, stage.ReasonInvited)
		return c
	}
	for _, row := range []struct {
		name   string
		from   func(*testing.T) *script
		button Button
		want   []string
	}{
		{"request, off", off, ButtonRequest, []string{"requestAccess"}},
		{"request, requested", requested, ButtonRequest, nil},
		{"request, accepted", accepted, ButtonRequest, []string{"stage.join"}},
		{"request, on stage", speaking, ButtonRequest, nil},
		{"cancel, off", off, ButtonCancel, nil},
		{"cancel, requested", requested, ButtonCancel, []string{"cancelRequestAccess"}},
		{"cancel, accepted", accepted, ButtonCancel, []string{"stage.leave"}},
		{"cancel, on stage", speaking, ButtonCancel, []string{"close gate", "stage.leave"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := row.from(t)
			c.press(row.button)
			c.want(row.want...)
			c.press(row.button)
			c.want() // a repeated press takes effect once
		})
	}
}

func TestNobodyElseOpensTheGate(t *testing.T) {
	for _, row := range []struct {
		name string
		do   func(c *script)
	}{
		{"invitation", func(c *script) { c.status(stage.Accepted, stage.OffStage, stage.ReasonInvited) }},
		{"forced on stage", func(c *script) { c.status(stage.OnStage, stage.OffStage, stage.ReasonJoined) }},
		{"repeated grant", func(c *script) {
			c.status(stage.Accepted, stage.Requested, stage.ReasonApproved)
			c.status(stage.Accepted, stage.Requested, stage.ReasonApproved)
		}},
		{"stray answer", func(c *script) {
			c.feed(Answered{ID: 7, Result: stage.StatusResult{Status: stage.OnStage, Publish: &stage.Place{}}})
		}},
		{"on stage after a restart", func(c *script) { c.connect(stage.OnStage, "self") }},
		{"accepted after a restart", func(c *script) { c.connect(stage.Accepted, "") }},
		{"on stage by a twin", func(c *script) { c.connect(stage.OnStage, "peer-of-another") }},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := online(t)
			row.do(c)
			c.wantGate(false)
			for _, e := range c.effects {
				if call, ok := e.(Call); ok && call.Method == stage.Join {
					t.Errorf("joined without a press")
				}
			}
		})
	}
}

func TestAnInheritedTurnIsGivenUpAndATwinLeftAlone(t *testing.T) {
	c := newScript(t, Options{})
	c.connect(stage.OnStage, "self")
	c.want("stage.leave")
	c = newScript(t, Options{})
	c.connect(stage.OnStage, "another")
	c.want()
	c.press(ButtonCancel)
	c.want()
	c.wantLamps(lamp.Off, lamp.Refused)
}

func TestJoinByPress(t *testing.T) {
	c := newScript(t, Options{PressToJoin: true})
	c.connect(stage.OffStage, "")
	c.press(ButtonRequest)
	c.answer(stage.Requested)
	c.status(stage.Accepted, stage.Requested, stage.ReasonApproved)
	c.want()
	c.wantLamps(lamp.Off, lamp.Fast)
	c.press(ButtonRequest)
	c.want("stage.join")
}
