package capture

import "time"

// quality is what is made of a picture.
type quality struct {
	width, height int     // pixels
	frameRate     float64 // frames/s
	bitRate       int     // bit/s
}

// ladder turns a bit rate into a quality. It gives up bit rate alone first, then
// frames, then size: a face that moves less smoothly is still read, a face of blocks is
// not. It goes down at once, and up only one step at a time and when that has been
// possible for a while, so that it does not hunt. It has no clock of its own.
type ladder struct {
	top   quality // as configured
	steps []step  // the best first; the first needs nothing
	at    int     // in steps
	bits  int
	since time.Time // from when on the step above would have been possible; zero: it is not
}

// step is one quality, and the bit rate below which it is left.
type step struct {
	width, height int
	frameRate     float64
	floor         int // bit/s
}

const (
	// upAfter is for how long there must be enough for the step above.
	upAfter = 5 * time.Second
	// upMargin is by how much more than its floor, in percent.
	upMargin = 15
	// leastBitRate is what an encoder is given at least, bit/s.
	leastBitRate = 50_000
	// The least that a picture is scaled down to, pixels.
	leastWidth, leastHeight = 320, 180
)

// shares are the steps as parts of what is configured: of frame rate and size, and the
// part of the bit rate below which a step is left.
var shares = []struct {
	rate           float64
	part, of       int
	floorInPercent int
}{
	{1, 1, 1, 50}, {2. / 3, 1, 1, 35}, {1. / 2, 1, 1, 24}, {1. / 2, 3, 4, 14}, {1. / 2, 1, 2, 7}, {1. / 3, 1, 3, 0},
}

func newLadder(top quality) *ladder {
	l := &ladder{top: top, bits: top.bitRate}
	for _, s := range shares {
		n := step{
			width: even(top.width * s.part / s.of), height: even(top.height * s.part / s.of),
			frameRate: max(top.frameRate*s.rate, min(top.frameRate, 5)), floor: top.bitRate * s.floorInPercent / 100,
		}
		if s.of > 1 && (n.width < leastWidth || n.height < leastHeight) {
			break
		}
		l.steps = append(l.steps, n)
	}
	l.steps[len(l.steps)-1].floor = 0
	return l
}

func even(v int) int { return v &^ 1 }

// set takes the bit rate that there is now, and gives what to make of it.
func (l *ladder) set(bits int, now time.Time) quality {
	l.bits = max(leastBitRate, min(bits, l.top.bitRate))
	for l.bits < l.steps[l.at].floor {
		l.at++
		l.since = time.Time{}
	}
	switch {
	case l.at == 0 || l.bits < l.steps[l.at-1].floor*(100+upMargin)/100:
		l.since = time.Time{}
	case l.since.IsZero():
		l.since = now
	case now.Sub(l.since) >= upAfter:
		l.at--
		l.since = time.Time{}
	}
	s := l.steps[l.at]
	return quality{width: s.width, height: s.height, frameRate: s.frameRate, bitRate: l.bits}
}
