package buttons

import "time"

// Timing says how long things last. A zero field means its default.
type Timing struct {
	LockOut time.Duration // bounces are over after this; 30 ms
	Long    time.Duration // a press held this long is a long press; 1.5 s
	Stuck   time.Duration // a button down this long is stuck; 30 s
}

func (t Timing) withDefaults() Timing {
	if t.LockOut <= 0 {
		t.LockOut = 30 * time.Millisecond
	}
	if t.Long <= 0 {
		t.Long = 1500 * time.Millisecond
	}
	if t.Stuck <= 0 {
		t.Stuck = 30 * time.Second
	}
	return t
}

type position int

const (
	up      position = iota
	struck           // just pressed: edges are bounces until check
	down             // firmly down
	leaving          // seen up, not yet for LockOut
)

// contact is one button's state machine: edges and levels with their times in,
// kinds out. Times must not go back. It starts nothing and waits for nothing;
// next says when the level must be read again.
type contact struct {
	timing Timing
	where  position
	since  time.Time // when it went down
	check  time.Time // in struck and leaving: when the level decides
	silent bool      // down since the start: no press
	long   bool      // reported
	stuck  bool      // reported
}

// newContact begins with the level read at the start.
func newContact(timing Timing, isDown bool, at time.Time) *contact {
	c := &contact{timing: timing.withDefaults()}
	if isDown {
		c.where, c.since, c.silent = down, at, true
	}
	return c
}

// edge takes a change that the kernel saw, to down or to up. In the order they
// came; some may be missing.
func (c *contact) edge(isDown bool, at time.Time) []Kind {
	switch c.where {
	case up:
		if isDown {
			return c.strike(at)
		}
	case down:
		if !isDown {
			c.leave(at)
		}
	case leaving: // bouncing: count the quiet time anew
		c.check = at.Add(c.timing.LockOut)
	}
	return nil
}

// level takes the level as it is now.
func (c *contact) level(isDown bool, at time.Time) []Kind {
	switch c.where {
	case up:
		if isDown { // its edge was lost, or is still to come and will be a bounce
			return c.strike(at)
		}
		return nil
	case down:
		if !isDown {
			c.leave(at)
		}
	case struck:
		if !at.Before(c.check) {
			c.where = down
			if !isDown {
				c.leave(at)
			}
		}
	case leaving:
		if at.Before(c.check) {
			return nil
		}
		if !isDown {
			return c.release()
		}
		c.where = down
	}
	return c.held(at)
}

func (c *contact) strike(at time.Time) []Kind {
	c.where, c.since, c.check = struck, at, at.Add(c.timing.LockOut)
	return []Kind{Pressed}
}

func (c *contact) leave(at time.Time) {
	c.where, c.check = leaving, at.Add(c.timing.LockOut)
}

func (c *contact) release() []Kind {
	mute := c.silent && !c.stuck
	*c = contact{timing: c.timing}
	if mute {
		return nil
	}
	return []Kind{Released}
}

// held reports what a button becomes by staying down. While it may be on its way
// up that waits.
func (c *contact) held(at time.Time) (kinds []Kind) {
	if c.where == leaving {
		return nil
	}
	if !c.silent && !c.long && at.Sub(c.since) >= c.timing.Long {
		c.long = true
		kinds = append(kinds, Long)
	}
	if !c.stuck && at.Sub(c.since) >= c.timing.Stuck {
		c.stuck = true
		kinds = append(kinds, Stuck)
	}
	return kinds
}

// next tells when level must be called even if nothing happens; false: never.
func (c *contact) next() (time.Time, bool) {
	switch {
	case c.where == up, c.where == down && c.stuck && (c.long || c.silent):
		return time.Time{}, false
	case c.where == leaving, c.where == struck:
		return c.check, true
	case c.silent || c.long:
		return c.since.Add(c.timing.Stuck), true
	case c.stuck:
		return c.since.Add(c.timing.Long), true
	}
	return c.since.Add(min(c.timing.Long, c.timing.Stuck)), true
}
