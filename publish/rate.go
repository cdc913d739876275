package publish

import (
	"math"
	"time"
)

const (
	// leastVideo is what the picture is given at least, bit/s: below it there is none.
	leastVideo = 80_000
	// calm is for how long there must be no congestion until more is tried.
	calm = 2 * time.Second
	// The growth in a second: far from where the connection was last full, and near it.
	growth, growthNearFull = 0.20, 0.03
	// leastGrowth is the growth in a second at least, bit/s.
	leastGrowth = 20_000
	// near is from which part of it on a bit rate counts as near to the full one, and
	// fullLasts for how long that is remembered.
	near      = 0.85
	fullLasts = 10 * time.Second
	// steepest is the part that one congested look leaves of the bit rate at least: one
	// that was no congestion does not cost the whole picture.
	steepest = 0.6
	// settle is for how long a smaller bit rate is given to show: until then the queue
	// of before is still there.
	settle = 600 * time.Millisecond
)

// connection is what a look at the connection gives.
type connection struct {
	takes int     // by the delay of what arrives, bit/s
	grows bool    // a queue grows on the way
	loss  float64 // the part of the packets that is lost
}

// muchLoss is the loss from which on it is congestion, whatever the delay; a wireless
// link loses some per cent without any.
const muchLoss = 0.1

func (c connection) congested() bool { return c.grows || c.loss > muchLoss }

// rateControl says how much of the connection the picture may take. It follows the
// estimator down, when there is congestion, and goes up by itself: Pion's estimator does
// not rise while less is sent than it allows, as of a picture that stands still. What the
// sound needs is taken off first. It has no clock of its own.
type rateControl struct {
	top   float64 // as configured, bit/s
	sound int     // bit/s, with its headers

	target float64
	last   time.Time // of the last look
	upset  time.Time // when there was congestion last
	full   float64   // the bit rate at which there was
	fullAt time.Time
}

func newRateControl(top, sound int) *rateControl {
	return &rateControl{top: float64(top), sound: sound, target: float64(top)}
}

// look takes what the connection looks like at now, and gives the picture's bit rate.
func (r *rateControl) look(now time.Time, c connection) int {
	passed := now.Sub(r.last).Seconds()
	if r.last.IsZero() {
		passed = 0
	}
	r.last = now
	switch {
	case c.congested():
		r.upset = now
		left := r.target
		if c.grows {
			left = min(left, float64(c.takes-r.sound))
		}
		if c.loss > muchLoss { // as draft-ietf-rmcat-gcc-02, section 6, has it
			left = min(left, r.target*(1-min(c.loss, 1)/2))
		}
		if left < r.target && now.Sub(r.fullAt) >= settle {
			r.full, r.fullAt = r.target, now
			r.target = max(left, r.target*steepest)
		}
	case r.upset.IsZero() || now.Sub(r.upset) >= calm:
		rate := growth
		if now.Sub(r.fullAt) < fullLasts && r.target > near*r.full {
			rate = growthNearFull
		}
		r.target += min(passed, 1) * max(rate*r.target, leastGrowth)
	}
	r.target = max(math.Min(leastVideo, r.top), math.Min(r.target, r.top))
	return int(r.target)
}
