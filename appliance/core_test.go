package appliance

import (
	"errors"
	"strings"
	"testing"
	"time"

	"podium/hw/lamp"
	"podium/stage"
)

var start = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

const lease = 5 * time.Second

// script drives the core by hand: no clock, no network, no device.
type script struct {
	t       *testing.T
	s       State
	now     time.Time
	effects []Effect // of the last step
	call    Call     // the latest
	peers   int
}

func newScript(t *testing.T, o Options) *script {
	return &script{t: t, s: NewState(o), now: start}
}

// online is a podium that has just joined the meeting.
func online(t *testing.T) *script {
	c := newScript(t, Options{})
	c.connect(stage.OffStage, "")
	return c
}

func (c *script) feed(e Event) {
	c.t.Helper()
	c.s, c.effects = Step(c.s, e, c.now)
	for _, effect := range c.effects {
		if call, ok := effect.(Call); ok {
			c.call = call
		}
	}
}

// wait lets time pass while the server is heard.
func (c *script) wait(d time.Duration) {
	c.t.Helper()
	c.now = c.now.Add(d)
	c.feed(Heard{})
}

// silence lets time pass while nothing is heard.
func (c *script) silence(d time.Duration) {
	c.t.Helper()
	c.now = c.now.Add(d)
	c.feed(Tick{})
}

func (c *script) connect(status stage.Status, publisher string) {
	c.t.Helper()
	c.peers++
	peer := "peer-" + string(rune('0'+c.peers))
	if publisher == "self" {
		publisher = peer
	}
	c.feed(Connected{Joined: stage.Joined{
		Self: stage.Participant{PeerID: peer, Status: status}, LeaseMs: lease.Milliseconds(), PublisherPeerID: publisher,
	}})
}

func (c *script) press(b Button) { c.t.Helper(); c.feed(Press{Button: b}) }

// answer answers the latest call.
func (c *script) answer(status stage.Status) {
	c.t.Helper()
	r := stage.StatusResult{Status: status}
	if c.call.Method == stage.Join || c.call.Method == stage.Publish {
		r.Publish = &stage.Place{URL: "http://hall/v1/whip/m", Token: "t", Media: []stage.Media{stage.Audio, stage.Video}}
	}
	c.feed(Answered{ID: c.call.ID, Result: r})
}

func (c *script) refuse(code stage.Code) {
	c.t.Helper()
	c.feed(Answered{ID: c.call.ID, Err: &stage.Error{Code: code}})
}

func (c *script) status(status, previous stage.Status, reason stage.Reason) {
	c.t.Helper()
	position := 0
	if status == stage.Requested {
		position = 2
	}
	c.feed(StatusChanged{stage.StatusUpdate{Status: status, Previous: previous, Reason: reason, Position: position}})
}

// want checks the effects of the last step by their descriptions' beginnings.
func (c *script) want(effects ...string) {
	c.t.Helper()
	var got []string
	for _, e := range c.effects {
		got = append(got, explain(e))
	}
	ok := len(got) == len(effects)
	for i := 0; ok && i < len(got); i++ {
		ok = strings.Contains(got[i], effects[i])
	}
	if !ok {
		c.t.Errorf("effects %q, want %q", got, effects)
	}
}

func (c *script) wantLamps(red, green lamp.Pattern) {
	c.t.Helper()
	if got := c.s.lamps(c.now); got != (Lamps{red, green}) {
		c.t.Errorf("lamps %v, want red %s, green %s", got, red, green)
	}
}

func (c *script) wantGate(open bool) {
	c.t.Helper()
	if got, why := c.s.gate(c.now); got != open {
		c.t.Errorf("gate open: %t (%s), want %t", got, why, open)
	}
}

// requested is a podium whose speaker has pressed and waits in the queue.
func requested(t *testing.T) *script {
	c := online(t)
	c.press(ButtonRequest)
	c.answer(stage.Requested)
	c.status(stage.Requested, stage.OffStage, stage.ReasonRequested)
	return c
}

// speaking is a podium on the air.
func speaking(t *testing.T) *script {
	c := requested(t)
	c.status(stage.Accepted, stage.Requested, stage.ReasonApproved)
	c.answer(stage.OnStage)
	c.status(stage.OnStage, stage.Accepted, stage.ReasonJoined)
	c.feed(Flowing{On: true})
	return c
}

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
	c.feed(Answered{ID: c.call.ID, Err: errors.New("connection lost")})
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
