package testsource

import (
	"io"
	"time"
)

// ticker says when the next frame or block is due: number n at start +
// n*period. Unlike time.Ticker it keeps its numbers when the reader was away.
type ticker struct {
	start   time.Time
	period  time.Duration
	slack   int64 // how many a late reader may catch up with before the oldest are left out
	unpaced bool
	number  int64
	stop    <-chan struct{}
}

// next blocks until the next one is due and returns its time, or io.EOF when
// stopped. If more than
// the slack are due it returns the newest and how many it left out.
func (t *ticker) next() (due time.Time, missed int64, err error) {
	t.number++
	if !t.unpaced {
		if newest := int64(time.Since(t.start) / t.period); newest > t.number+t.slack {
			missed = newest - t.number
			t.number = newest
		}
	}
	due = t.start.Add(time.Duration(t.number) * t.period)
	if wait := time.Until(due); wait > 0 && !t.unpaced {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-t.stop:
		}
	}
	select {
	case <-t.stop:
		return due, missed, io.EOF
	default:
		return due, missed, nil
	}
}
