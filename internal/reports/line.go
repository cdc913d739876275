package reports

import "time"

const (
	// steady is how many points it takes until a line has come near to where they are.
	steady = 64
	// farOff is the distance at which a point is not believed, and a few in a row are
	// believed at once.
	farOff = 100 * time.Millisecond
	few    = 5
)

// Line is which RTP time a stream has when: of the last point, and from there on at
// the stream's rate. The zero value has no point.
type Line struct {
	Rate  uint32 // of the RTP clock, Hz
	stamp uint32
	at    time.Time
	far   int // points in a row that were far off
}

// Put makes the line go through a point.
func (l *Line) Put(stamp uint32, at time.Time) { l.stamp, l.at = stamp, at }

// Near takes another point, and goes to it by little. The times of blocks of sound are
// read off a clock when somebody gets to it, and are each a bit wrong, or very much where
// a machine had other things to do; their distances are not.
func (l *Line) Near(stamp uint32, at time.Time) {
	if l.at.IsZero() {
		l.Put(stamp, at)
		return
	}
	due := l.at.Add(l.length(int32(stamp - l.stamp)))
	off := at.Sub(due)
	switch {
	case off.Abs() <= farOff:
		l.far, due = 0, due.Add(off/steady)
	case l.far+1 < few:
		l.far++
	default:
		l.far, due = 0, at
	}
	l.Put(stamp, due)
}

// At gives the RTP time at now; false: the line has no point.
func (l *Line) At(now time.Time) (stamp uint32, ok bool) {
	if l.at.IsZero() {
		return 0, false
	}
	return l.stamp + uint32(int64(now.Sub(l.at).Seconds()*float64(l.Rate))), true
}

func (l *Line) length(ticks int32) time.Duration {
	return time.Duration(ticks) * time.Second / time.Duration(l.Rate)
}
