package appliance

import (
	"testing"
	"time"

	"podium/hw/lamp"
	"podium/stage"
)

// TestLamps has a row for each line of the table of lamps in docs/lamps.md.
func TestLamps(t *testing.T) {
	accepted := func(t *testing.T) *script {
		c := online(t)
		c.status(stage.Accepted, stage.OffStage, stage.ReasonInvited)
		return c
	}
	with := func(from func(*testing.T) *script, events ...Event) func(*testing.T) *script {
		return func(t *testing.T) *script {
			c := from(t)
			for _, e := range events {
				c.feed(e)
			}
			return c
		}
	}
	chair := Suspended{stage.Suspended{Suspended: true, By: "host"}}
	for _, row := range []struct {
		name       string
		from       func(*testing.T) *script
		red, green lamp.Pattern
	}{
		{"starting", func(t *testing.T) *script { return newScript(t, Options{}) }, lamp.Off, lamp.Blip},
		{"not connected", with(online, Disconnected{}), lamp.Off, lamp.Blip},
		{"off stage", online, lamp.Off, lamp.Off},
		{"press felt", with(online, Press{Button: ButtonRequest}), lamp.Off, lamp.On},
		{"requested", requested, lamp.Off, lamp.Slow},
		{"next in the queue", with(requested, Moved{Position: 1}), lamp.Off, lamp.DoubleBlip},
		{"refused", with(requested, TurnedDown{Reason: stage.ReasonRejected}), lamp.Off, lamp.Refused},
		{"accepted", accepted, lamp.Off, lamp.Fast},
		{"on stage, no packet yet", with(speaking, Flowing{}), lamp.Slow, lamp.Off},
		{"on stage, packets leave", speaking, lamp.On, lamp.Off},
		{"time nearly over", with(speaking, Timed{stage.TimeUpdate{Phase: stage.TimeWarning}}), lamp.Fast, lamp.Off},
		{"removed by a host", with(speaking, TurnedDown{Reason: stage.ReasonRemoved}, StatusChanged{stage.StatusUpdate{Status: stage.OffStage, Reason: stage.ReasonRemoved}}), lamp.Off, lamp.Refused},
		{"suspended", with(speaking, Flowing{}, chair), lamp.Slow, lamp.SlowInverse},
		{"fault", with(online, Fault{Part: PartCamera, Text: "gone"}), lamp.Off, lamp.Fault},
		{"fault on the air", with(speaking, Fault{Part: PartCamera, Text: "gone"}), lamp.On, lamp.Off},
		{"identify", with(online, Identify{For: time.Minute}), lamp.Fast, lamp.FastInverse},
		{"stopped", with(speaking, Stop{}), lamp.Off, lamp.Off},
	} {
		t.Run(row.name, func(t *testing.T) { row.from(t).wantLamps(row.red, row.green) })
	}
}

// TestQueueOnTheLamps: the position is shown while the lamps say that the speaker waits,
// and at no other time.
func TestQueueOnTheLamps(t *testing.T) {
	c := requested(t)
	for _, step := range []struct {
		name string
		do   func()
		want int
	}{
		{"asked", func() {}, 2},
		{"moved up", func() { c.feed(Moved{Position: 1}) }, 1},
		{"moved down by a chair", func() { c.feed(Moved{Position: 200}) }, 200},
		{"identify", func() { c.feed(Identify{For: time.Second}) }, 0},
		{"after it", func() { c.wait(time.Second) }, 200},
		{"not connected", func() { c.feed(Disconnected{}) }, 0},
	} {
		step.do()
		if got := c.s.lamps(c.now); got.Queue != step.want {
			t.Errorf("%s: %+v, want position %d", step.name, got, step.want)
		}
	}
	c = requested(t)
	c.feed(Moved{Position: 1})
	c.status(stage.Accepted, stage.Requested, stage.ReasonApproved)
	if got := c.s.lamps(c.now); got.Queue != 0 {
		t.Errorf("accepted: %+v", got)
	}
}

// The yellow lamp takes faults off the green one.
func TestYellow(t *testing.T) {
	for _, row := range []struct {
		name   string
		faults []string
		want   lamp.Pattern
	}{
		{"none", nil, lamp.Off},
		{"this unit", []string{PartCamera}, lamp.On},
		{"the system", []string{PartServer}, lamp.Slow},
		{"the system's media", []string{PartMedia}, lamp.Slow},
		{"both", []string{PartServer, PartMicrophone}, lamp.On},
		{"both, the other way round", []string{PartPanel, PartMedia}, lamp.On},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := newScript(t, Options{Yellow: true})
			c.connect(stage.OffStage, "")
			for _, part := range row.faults {
				c.feed(Fault{Part: part, Text: "broken"})
			}
			c.wantLamps(lamp.Off, lamp.Off)
			if got := c.s.lamps(c.now).Yellow; got != row.want {
				t.Errorf("yellow is %s, want %s", got, row.want)
			}
			c.feed(Stop{})
			if got := c.s.lamps(c.now).Yellow; got != lamp.Off && got != "" {
				t.Errorf("yellow is %s when stopped", got)
			}
		})
	}
}

// TestOneButton has a row for each cell of the table of buttons for a panel that has
// the request button alone.
func TestOneButton(t *testing.T) {
	off := func(t *testing.T) *script {
		c := newScript(t, Options{OneButton: true})
		c.connect(stage.OffStage, "")
		return c
	}
	waits := func(t *testing.T) *script {
		c := off(t)
		c.press(ButtonRequest)
		c.answer(stage.Requested)
		c.status(stage.Requested, stage.OffStage, stage.ReasonRequested)
		return c
	}
	speaks := func(t *testing.T) *script {
		c := waits(t)
		c.status(stage.Accepted, stage.Requested, stage.ReasonApproved)
		c.answer(stage.OnStage)
		c.status(stage.OnStage, stage.Accepted, stage.ReasonJoined)
		return c
	}
	for _, row := range []struct {
		name string
		from func(*testing.T) *script
		want []string
	}{
		{"off", off, []string{"requestAccess"}},
		{"asked, no answer yet", func(t *testing.T) *script { c := off(t); c.press(ButtonRequest); return c }, nil},
		{"requested", waits, []string{"cancelRequestAccess"}},
		{"requested by an earlier process", func(t *testing.T) *script {
			c := newScript(t, Options{OneButton: true})
			c.connect(stage.Requested, "")
			return c
		}, nil}, // it is this speaker's from now on
		{"accepted", func(t *testing.T) *script {
			c := off(t)
			c.status(stage.Accepted, stage.OffStage, stage.ReasonInvited)
			return c
		}, []string{"stage.join"}},
		{"on stage", speaks, []string{"close gate", "stage.leave"}},
		{"on stage, waiting for a new place", func(t *testing.T) *script {
			c := speaks(t)
			c.feed(MediaLost{Why: "the network"})
			c.wait(time.Second)
			return c
		}, []string{"close gate", "stage.leave"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := row.from(t)
			c.press(ButtonRequest)
			c.want(row.want...)
		})
	}
}

// A podium whose lamps cannot be driven is never live: nobody could see it.
func TestDarkLampsKeepTheGateShut(t *testing.T) {
	dark := Fault{Part: PartLamps, Text: "line GPIO22 is busy"}
	c := speaking(t)
	c.feed(dark)
	c.want("close gate", "stage.leave")
	c.wantGate(false)

	c = online(t)
	c.feed(dark)
	c.press(ButtonRequest)
	c.want()
	c.wantLamps(lamp.Off, lamp.Refused)
	if c.s.message != "the lamps cannot be driven: line GPIO22 is busy" {
		t.Errorf("the speaker is told %q", c.s.message)
	}
	c.feed(Fault{Part: PartLamps})
	c.press(ButtonRequest)
	c.want("requestAccess")

	c = requested(t) // the lamps fail while the speaker waits
	c.feed(dark)
	c.status(stage.Accepted, stage.Requested, stage.ReasonApproved)
	c.want("stage.leave")
}
