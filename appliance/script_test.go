package appliance

import (
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

// connect joins the meeting again; a turn that runs is heard.
func (c *script) connect(status stage.Status, publisher string) {
	c.t.Helper()
	c.connectAs(status, publisher, stage.Participant{OnAir: status == stage.OnStage})
}

// connectAs joins the meeting as one of whom the server knows more.
func (c *script) connectAs(status stage.Status, publisher string, self stage.Participant) {
	c.t.Helper()
	c.peers++
	peer := "peer-" + string(rune('0'+c.peers))
	if publisher == "self" {
		publisher = peer
	}
	self.PeerID, self.Status = peer, status
	c.feed(Connected{Joined: stage.Joined{Self: self, LeaseMs: lease.Milliseconds(), PublisherPeerID: publisher}})
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
	if got := c.s.lamps(c.now); got != (Lamps{Red: red, Green: green, Yellow: got.Yellow, Queue: got.Queue}) {
		c.t.Errorf("lamps %v, want red %s, green %s", got, red, green)
	}
}

func (c *script) wantGate(open bool) {
	c.t.Helper()
	if against := c.s.gate(c.now); (len(against) == 0) != open {
		c.t.Errorf("against an open gate: %v; want open: %t", against, open)
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
