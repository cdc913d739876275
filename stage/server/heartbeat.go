package server

import (
	"maps"
	"slices"
	"sync/atomic"
	"time"
)

// heartbeat says when the rules of a meeting were last free to be asked.
type heartbeat struct {
	at    atomic.Int64
	still atomic.Bool // the log has been told that the meeting hangs
}

// epoch is where heartbeats count from: on the monotonic clock, which no change of
// the wall clock moves.
var epoch = time.Now()

func (b *heartbeat) beat() { b.at.Store(int64(time.Since(epoch))) }

func (b *heartbeat) age() time.Duration { return time.Since(epoch) - time.Duration(b.at.Load()) }

// alive reports whether the meeting goes on: its lock can be had, or was let go of
// within busy, and what it had to tell within the last lease has been told. A ping
// or a pong says to a podium that somebody is there who can take it off stage; it may not be
// sent for a meeting whose rules hang, or whose store takes nothing and says
// nothing. It never waits.
func (m *meeting) alive(busy time.Duration) bool {
	return m.responds(busy) && m.line.delay() <= m.server.cfg.Lease
}

// responds reports whether the rules can be reached, or could within busy.
func (m *meeting) responds(busy time.Duration) bool {
	if m.mu.TryLock() {
		m.pulse.beat()
		m.mu.Unlock()
		return true
	}
	return m.pulse.age() <= busy
}

// Responds reports whether the rules of every meeting can be reached, for who
// watches over the process. A store that hangs is no reason to start again: the
// next process would find the same one. It may wait as long as the server hangs.
func (s *Server) Responds() bool {
	s.mu.Lock()
	meetings := slices.Collect(maps.Values(s.meetings))
	s.mu.Unlock()
	return !slices.ContainsFunc(meetings, func(m *meeting) bool { return !m.responds(s.cfg.Lease / lookPart) })
}

// delay is for how long the first of what is to be told has been waiting.
func (l *line) delay() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.waiting) == 0 {
		return 0
	}
	return time.Since(l.waiting[0].handed)
}

// The pings of a connection, as parts of the lease: one every third of it, and
// while the meeting gives no sign of life, a look at it every fifteenth.
const (
	pingPart = 3
	lookPart = 15
)

// ping keeps the lease of one who has nothing to say, while the meeting lives.
func (c *conn) ping() {
	if c.out.isClosed() {
		return
	}
	lease := c.server.cfg.Lease
	if !c.lives() {
		c.pinger.Reset(lease / lookPart)
		return
	}
	if c.queue(pingFrame) && c.out.claim() {
		c.flush()
	}
	c.pinger.Reset(lease / pingPart)
}

// lives reports whether the meeting behind the connection is alive.
func (c *conn) lives() bool {
	m := c.meeting
	alive := m.alive(c.server.cfg.Lease / lookPart)
	if m.pulse.still.Load() == alive && m.pulse.still.CompareAndSwap(alive, !alive) {
		if alive {
			m.log.Info("the meeting goes on")
		} else {
			m.log.Error("the meeting hangs: its rules cannot be reached, or its store takes nothing; no podium's lease is renewed")
		}
	}
	return alive
}
