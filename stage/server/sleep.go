package server

import (
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"podium/stage"
)

const (
	// sleepLook is how often a quiet server looks whether the machine has slept. One
	// that has anything to do looks before it does it.
	sleepLook = time.Second
	// leastSleep is the shortest sleep that is believed: the two clocks that tell of
	// it cannot be read at one moment.
	leastSleep = 50 * time.Millisecond
)

// sleep notices that the machine was suspended: timers, read deadlines and leases
// all stood still meanwhile, and everybody may be long gone.
type sleep struct {
	began  time.Time // of this process: all steady moments are counted from here
	asleep func() time.Duration

	mu      sync.Mutex
	settled atomic.Int64 // the sleeps that have been counted as silence, in ns; written under mu
	timer   *time.Timer
	ended   bool
}

func (s *sleep) begin(asleep func() time.Duration) {
	s.began, s.asleep = time.Now(), asleep
	s.settled.Store(int64(asleep()))
}

// fresh gives how long the machine slept since that was settled last; 0: not at all.
func (s *sleep) fresh() time.Duration {
	d := time.Duration(int64(s.asleep()) - s.settled.Load())
	if d < leastSleep {
		return 0
	}
	return d
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
func (s *Server) settleSleep() {
	if s.sleep.fresh() == 0 {
		return
	}
	s.sleep.mu.Lock()
	defer s.sleep.mu.Unlock()
	d := min(s.sleep.fresh(), s.sleep.fresh()) // twice: a reading may be off by what came between its clocks
	if d == 0 {
		return
	}
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
	s.sleep.settled.Add(int64(d))
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
