package publish

import (
	"sync"
	"time"
)

const (
	// silence is how long a device may take to open, or for its next sample.
	silence = 3 * time.Second
	// silenceLooks is in how many parts it is counted. A process that was stopped
	// for an hour finds one part over when it goes on, and its device has the rest.
	silenceLooks = 6
)

// silenceWatch tells when a device has sent nothing for too long, counted in time
// in which this process ran.
type silenceWatch struct {
	tell func()

	mu    sync.Mutex // guards the two below
	timer *time.Timer
	looks int // since the last sample; -1: it is over
}

func watchSilence(tell func()) *silenceWatch {
	w := &silenceWatch{tell: tell}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.timer = time.AfterFunc(silence/silenceLooks, w.look)
	return w
}

func (w *silenceWatch) look() {
	if w.isSilent() {
		w.tell()
	}
}

// isSilent counts a look, and reports whether it is the one too many.
func (w *silenceWatch) isSilent() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.looks < 0 {
		return false
	}
	w.looks++
	if w.looks < silenceLooks {
		w.timer.Reset(silence / silenceLooks)
	}
	return w.looks == silenceLooks
}

// heard begins anew: a sample came.
func (w *silenceWatch) heard() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.looks >= 0 {
		w.looks = 0
		w.timer.Reset(silence / silenceLooks)
	}
}

// stop ends the watch.
func (w *silenceWatch) stop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.looks = -1
	w.timer.Stop()
}
