package model

import (
	"math"
	"time"
)

// never is later than everything that happens.
const never = time.Duration(math.MaxInt64)

// epoch is when the world begins, by a clock that is right.
var epoch = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

// clock is a machine's own: it may be off, and run too fast or too slow. The true
// time is a number of whole milliseconds since the world began.
type clock struct {
	off  time.Duration
	rate int64 // per thousand of the true one
}

// at is what the clock shows at a true moment.
func (c clock) at(now time.Duration) time.Time {
	return epoch.Add(c.off + now/1000*time.Duration(c.rate))
}

// when is the first true millisecond at which the clock shows at least t.
func (c clock) when(t time.Time) time.Duration {
	shown := t.Sub(epoch) - c.off
	now := shown * 1000 / time.Duration(c.rate)
	now = now.Truncate(time.Millisecond) - time.Millisecond
	for c.at(now).Before(t) {
		now += time.Millisecond
	}
	return now
}

// span is how much of a true length this clock counts, in whole milliseconds.
func (c clock) span(d time.Duration) time.Duration {
	return (d / 1000 * time.Duration(c.rate)).Truncate(time.Millisecond)
}

// after is the first true millisecond at which d has passed by this clock.
func (c clock) after(now, d time.Duration) time.Duration { return c.when(c.at(now).Add(d)) }

// kind is what falls due.
type kind int

const (
	nothing kind = iota
	frameToServer
	frameToClient
	callFailed // a call met no connection
	readExpired
	dial
	tick
	thaw
	unhang
	posted
	lapse
	quiet
	mediaLost
	boot
	serverTick
	serverPing
	serverRead
	serverThaw
	serverUp
	aired
)

// due is the next thing that happens by itself.
type due struct {
	at   time.Duration
	kind kind
	site *site
	conn *conn
	post *post
}

// or keeps the earlier of two; of equal ones the former.
func (d *due) or(other due) {
	if other.at < d.at {
		*d = other
	}
}
