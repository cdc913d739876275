package room

import (
	"sync"
	"time"
)

// keyframes gathers the keyframe requests of all viewers into at most one PLI
// per gap to one publisher. A request inside the gap is sent at its end, and
// one before the video's SSRC is known as soon as it is.
type keyframes struct {
	gap  time.Duration
	send func(ssrc uint32)

	mu     sync.Mutex
	ssrc   uint32 // 0: not known yet
	wanted bool
	last   time.Time
	timer  *time.Timer // runs to the end of the gap; nil: nothing waits
	closed bool
}

// request asks for a keyframe.
func (k *keyframes) request() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.wanted = true
	k.flush()
}

// aim says which stream the keyframes are wanted of.
func (k *keyframes) aim(ssrc uint32) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.ssrc = ssrc
	k.flush()
}

// close ends it; on return nothing is being sent.
func (k *keyframes) close() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.closed = true
	if k.timer != nil {
		k.timer.Stop()
	}
}

// flush sends now or arranges for later. k.mu is held.
func (k *keyframes) flush() {
	if !k.wanted || k.closed || k.ssrc == 0 || k.timer != nil {
		return
	}
	if wait := k.gap - time.Since(k.last); !k.last.IsZero() && wait > 0 {
		k.timer = time.AfterFunc(wait, k.expire)
		return
	}
	k.wanted, k.last = false, time.Now()
	k.send(k.ssrc)
}

func (k *keyframes) expire() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.timer = nil
	k.flush()
}
