package room

import (
	"sync"
	"time"

	"podium/internal/reports"
)

// farthest is how far from what arrives now a publisher's reports are believed to be.
const farthest = 10 * time.Second

// timing is which RTP time a lane's stream has when, for the reports to its viewers: as
// the publisher's own reports tell it, moved with the stream; until one has come, as
// packets arrive.
type timing struct {
	mu      sync.Mutex // guards all below
	moved   uint32     // what the splice adds to the publisher's RTP time
	told    reports.Line
	arrived reports.Line // in the lane's RTP time
	newest  uint32       // RTP time of the newest packet
	begun   bool         // there is one
}

func newTiming(clock uint32) timing {
	return timing{told: reports.Line{Rate: clock}, arrived: reports.Line{Rate: clock}}
}

// begin starts another publication.
func (t *timing) begin() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.begun, t.told = false, reports.Line{Rate: t.told.Rate}
}

// forward notes a packet that arrived at now and goes out with an RTP time to which the
// splice has added moved. Of a picture's packets the first one counts: the others wait
// for it.
func (t *timing) forward(stamp, moved uint32, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.begun && int32(stamp-t.newest) <= 0 {
		return
	}
	t.begun, t.newest, t.moved = true, stamp, moved
	t.arrived.Put(stamp, now)
}

// tell notes a publisher's report: its stream had an RTP time at a moment of the room's
// clock.
func (t *timing) tell(stamp uint32, at time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.told.Put(stamp, at)
}

// at gives the lane's RTP time at now; false: nothing has gone out yet.
func (t *timing) at(now time.Time) (uint32, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	arrived, _ := t.arrived.At(now)
	told, ok := t.told.At(now)
	told += t.moved
	limit := int64(t.told.Rate) * int64(farthest/time.Second)
	if off := int64(int32(told - arrived)); !ok || off > limit || off < -limit {
		return arrived, t.begun
	}
	return told, t.begun
}

const (
	// clockStep is how far a report may be from where it is expected on the room's clock;
	// beyond, the publisher has set its clock.
	clockStep = time.Second
	// clockSlew is how much one report moves the clock: enough for quartzes that differ, and
	// no more between a report on sound and one on the picture than nobody sees.
	clockSlew = 200 * time.Microsecond
)

// foreignClock is a publisher's clock as the room sees it. It is one for sound and
// picture, so that what the publisher tells of one against the other stays.
type foreignClock struct {
	mu     sync.Mutex // guards both
	theirs time.Time  // of the latest report
	ours   time.Time
}

// at gives the moment of the room's clock for a moment of the publisher's, in a report that
// has arrived at now.
func (c *foreignClock) at(theirs, now time.Time) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	ours := c.ours.Add(theirs.Sub(c.theirs))
	if off := now.Sub(ours); c.ours.IsZero() || off.Abs() > clockStep {
		ours = now
	} else {
		ours = ours.Add(max(-clockSlew, min(clockSlew, off)))
	}
	c.theirs, c.ours = theirs, ours
	return ours
}
