package server

import (
	"maps"
	"slices"
	"sync"
	"time"

	"podium/internal/steady"
	"podium/stage"
)

// sleepLook is how often a quiet server looks whether the machine has slept. One
// that has anything to do looks before it does it.
const sleepLook = time.Second

// sleep has what silence is measured by: read deadlines and leases stand still
// while the machine is suspended, and everybody may be long gone.
type sleep struct {
	*steady.Sleep
	began time.Time // of this process: all steady moments are counted from here

	mu    sync.Mutex
	timer *time.Timer
	ended bool
}

func (s *sleep) begin(asleep func() time.Duration) {
	s.began, s.Sleep = time.Now(), steady.NewSleep(asleep)
}

// end stops looking.
func (s *sleep) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended = true
	if s.timer != nil {
		s.timer.Stop()
	}
}

// watchSleep looks now, and from time to time.
func (s *Server) watchSleep() {
	s.settleSleep()
	s.sleep.mu.Lock()
	defer s.sleep.mu.Unlock()
	if !s.sleep.ended {
		s.sleep.timer = time.AfterFunc(sleepLook, s.watchSleep)
	}
}

// settleSleep counts a sleep as silence, before anything is done or heard that came
// after it. Who calls it meanwhile waits. The caller holds no lock.
func (s *Server) settleSleep() { s.sleep.Settle(s.slept) }

func (s *Server) slept(d time.Duration) {
	s.mu.Lock()
	meetings, conns := slices.Collect(maps.Values(s.meetings)), slices.Collect(maps.Keys(s.open))
	s.mu.Unlock()
	s.log.Warn("the machine was asleep: it counts as silence", "for", d)
	for _, m := range meetings {
		m.slept(d, conns)
	}
	for _, c := range conns {
		c.slept(d)
	}
}

// slept tells the rules of a sleep. Those whom it has lost are out before they can
// call again.
func (m *meeting) slept(d time.Duration, conns []*conn) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return
	}
	m.stepLocked(&parcel{}, func(now time.Time) stage.Outcome { return m.rules.Slept(d, now) })
	for _, c := range conns {
		if c.meeting == m && d >= m.server.cfg.Lease {
			c.isJoined = false
		}
	}
}

// heard notes that a frame came.
func (c *conn) heard() { c.heardAt.Store(int64(time.Since(c.server.sleep.began))) }

// silence gives for how long nothing has come, the machine's sleep included.
func (c *conn) silence() time.Duration {
	return time.Since(c.server.sleep.began) - time.Duration(c.heardAt.Load())
}

// slept counts a sleep to the connection's silence, and ends it if that makes a lease.
func (c *conn) slept(d time.Duration) {
	c.heardAt.Add(-int64(d))
	if left := c.server.cfg.Lease - c.silence(); left > 0 {
		c.expect(left)
	} else {
		c.hangUp() // for good: a frame that is just being read does not renew it
	}
}

// expect gives the next frame so much time to come; none is left: the connection
// is lost.
func (c *conn) expect(within time.Duration) {
	_ = c.ws.SetReadDeadline(time.Now().Add(within))
	if c.leaving.Load() {
		_ = c.ws.SetReadDeadline(past)
	}
}
