package appliance

import (
	"errors"
	"testing"
	"time"

	"podium/hw/lamp"
	"podium/stage"
)

// The tables here hold what random sequences over a bad network have found.

// accepted is a podium whose grant ends at a moment.
func accepted(t *testing.T, ends *stage.Time) *script {
	c := online(t)
	c.feed(Granted{stage.Approved{Invited: true, ExpiresAt: ends}})
	c.status(stage.Accepted, stage.OffStage, stage.ReasonInvited)
	return c
}

// TestAJoinThatLandsOnAnotherGrantIsTakenBack: while the join was on its way the
// grant was revoked and another given, so that the server let the speaker on stage
// for what nobody has pressed for.
func TestAJoinThatLandsOnAnotherGrantIsTakenBack(t *testing.T) {
	for _, row := range []struct {
		name  string
		again func(c *script)
		opens bool
	}{
		{"an invitation", func(c *script) {
			c.feed(Granted{stage.Approved{Invited: true}})
			c.status(stage.Accepted, stage.OffStage, stage.ReasonInvited)
		}, false},
		{"another device's approval", func(c *script) {
			c.status(stage.Requested, stage.OffStage, stage.ReasonRequested)
			c.status(stage.Accepted, stage.Requested, stage.ReasonApproved)
		}, false},
		{"another device's approval, after a press", func(c *script) {
			c.press(ButtonRequest)
			c.status(stage.Accepted, stage.OffStage, stage.ReasonApproved)
		}, false},
		{"an invitation that the speaker has pressed for", func(c *script) {
			c.status(stage.Accepted, stage.OffStage, stage.ReasonInvited)
			c.press(ButtonRequest)
		}, true},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := requested(t)
			c.status(stage.Accepted, stage.Requested, stage.ReasonApproved)
			c.want("stage.join")
			c.feed(TurnedDown{Reason: stage.ReasonRevoked})
			c.status(stage.OffStage, stage.Accepted, stage.ReasonRevoked)
			row.again(c)
			c.answer(stage.OnStage)
			c.wantGate(row.opens)
			if !row.opens {
				c.want("stage.leave")
			}
		})
	}
}

// TestAPressWithoutAConnectionIsForTheGrantThatWasShown: the join is sent after
// the reconnect only if the grant is still the same one.
func TestAPressWithoutAConnectionIsForTheGrantThatWasShown(t *testing.T) {
	ends, later := &stage.Time{Time: start.Add(time.Minute)}, &stage.Time{Time: start.Add(2 * time.Minute)}
	for _, row := range []struct {
		name   string
		before *stage.Time
		after  stage.TurnState
		joins  bool
	}{
		{"the same", ends, stage.TurnState{Invited: true, ExpiresAt: ends}, true},
		{"another invitation", ends, stage.TurnState{Invited: true, ExpiresAt: later}, false},
		{"an approval", ends, stage.TurnState{ExpiresAt: ends}, false},
		{"not to be told apart", nil, stage.TurnState{Invited: true}, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := accepted(t, row.before)
			c.feed(Disconnected{Why: "cable"})
			c.press(ButtonRequest)
			c.want()
			c.connectAs(stage.Accepted, "", stage.Participant{TurnState: &row.after})
			if !row.joins {
				c.want()
				return
			}
			c.want("stage.join")
			c.status(stage.Accepted, stage.Accepted, stage.ReasonJoined)
			c.answer(stage.OnStage)
			c.wantGate(true)
		})
	}
}

// TestARequestThatMayHaveArrivedIsTakenBack: the connection broke behind it, and the
// speaker, or the time, gave it up before there was another one.
func TestARequestThatMayHaveArrivedIsTakenBack(t *testing.T) {
	for _, row := range []struct {
		name string
		send bool // over the connection that broke
		then func(c *script)
		want []string
	}{
		{"cancelled", true, func(c *script) { c.press(ButtonCancel) }, []string{"cancelRequestAccess"}},
		{"lapsed", true, func(c *script) { c.silence(askFor) }, []string{"cancelRequestAccess"}},
		{"lapsed, asked again and cancelled", true, func(c *script) {
			c.silence(askFor)
			c.press(ButtonRequest)
			c.press(ButtonCancel)
		}, []string{"cancelRequestAccess"}},
		{"never sent, and cancelled", false, func(c *script) { c.press(ButtonCancel) }, nil},
		{"never sent, and lapsed", false, func(c *script) { c.silence(askFor) }, nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := online(t)
			if row.send {
				c.press(ButtonRequest)
				c.feed(Answered{ID: c.call.ID, Err: ErrInterrupted})
			}
			c.feed(Disconnected{Why: "cable"})
			if !row.send {
				c.press(ButtonRequest)
			}
			row.then(c)
			c.connect(stage.Requested, "")
			c.want(row.want...)
		})
	}
}

// cancelling is a podium whose speaker does not want to wait any longer.
func cancelling(t *testing.T) *script {
	c := requested(t)
	c.press(ButtonCancel)
	return c
}

// leaving is a podium whose speaker has pressed cancel on stage.
func leaving(t *testing.T) *script {
	c := speaking(t)
	c.press(ButtonCancel)
	return c
}

// TestWhatAGivenUpCallHasBroughtIsTakenBack: its answer comes when nobody waits for
// it any more.
func TestWhatAGivenUpCallHasBroughtIsTakenBack(t *testing.T) {
	place := &stage.Place{URL: "http://hall/v1/whip/m", Token: "t"}
	for _, row := range []struct {
		name string
		from func(*testing.T) *script
		late Answered
		want []string
	}{
		{"on stage", online, Answered{ID: 99, Result: stage.StatusResult{Status: stage.OnStage, Publish: place}}, []string{"stage.leave"}},
		{"requested", online, Answered{ID: 99, Result: stage.StatusResult{Status: stage.Requested}}, []string{"cancelRequestAccess"}},
		{"on stage, while the speaker cancels what he had asked for", cancelling, Answered{ID: 99, Result: stage.StatusResult{Status: stage.OnStage, Publish: place}}, []string{"stage.leave"}},
		{"on stage, and it is being left", leaving, Answered{ID: 99, Result: stage.StatusResult{Status: stage.OnStage, Publish: place}}, nil},
		{"off", online, Answered{ID: 99, Result: stage.StatusResult{Status: stage.OffStage}}, nil},
		{"refused", online, Answered{ID: 99, Err: errors.New("no")}, nil},
		{"while the speaker waits", requested, Answered{ID: 99, Result: stage.StatusResult{Status: stage.Requested}}, nil},
		{"while the speaker speaks", speaking, Answered{ID: 99, Result: stage.StatusResult{Status: stage.OnStage, Publish: place}}, nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := row.from(t)
			c.feed(row.late)
			c.want(row.want...)
		})
	}
}

// TestAPlaceForATurnThatIsOverIsGivenBack: a host ended the turn while a new place in
// it was asked for, and another device of the participant went on stage meanwhile.
// The server brought that turn over to this podium, which has nothing to go on with.
func TestAPlaceForATurnThatIsOverIsGivenBack(t *testing.T) {
	c := speaking(t)
	c.feed(MediaLost{Why: "broken"})
	c.silence(firstRetry)
	c.want("stage.publish")
	c.status(stage.OffStage, stage.OnStage, stage.ReasonRemoved)
	c.want("close gate")
	c.status(stage.OnStage, stage.Accepted, stage.ReasonJoined)
	c.answer(stage.OnStage)
	c.want("stage.leave")
	c.wantGate(false)
}

// A press on an invitation that is gone by the time the stage hears of it is for
// nothing else: not for what another device of the same participant has asked for.
func TestAPressOnAGrantThatIsGoneIsForNoOther(t *testing.T) {
	c := online(t)
	c.status(stage.Accepted, stage.OffStage, stage.ReasonInvited)
	c.feed(Disconnected{})
	c.press(ButtonRequest)
	c.connect(stage.Requested, "")
	c.wantLamps(lamp.Off, lamp.Refused)
	c.status(stage.Accepted, stage.Requested, stage.ReasonApproved)
	c.want()
	c.wantGate(false)
}
