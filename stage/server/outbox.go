package server

import "sync"

// outboundBytes may wait for a connection; one that reads more slowly is cut,
// so that nobody else waits for it. The bound is in bytes, not in frames: one
// step in a full hall (a switch fails, and everybody's lease ends at once) makes
// thousands of small notices, and must not cut those who read at their usual pace.
const outboundBytes = 4 << 20

// outbox holds what waits for one connection's writer, in order.
type outbox struct {
	limit int           // in bytes
	ready chan struct{} // filled while a frame waits

	mu     sync.Mutex
	frames [][]byte
	bytes  int
}

func newOutbox(limit int) *outbox {
	return &outbox{limit: limit, ready: make(chan struct{}, 1)}
}

// put queues a frame and never waits; false means that there is no room.
func (o *outbox) put(frame []byte) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.bytes+len(frame) > o.limit {
		return false
	}
	o.frames = append(o.frames, frame)
	o.bytes += len(frame)
	o.signal()
	return true
}

// take gives the next frame, nil when none waits.
func (o *outbox) take() []byte {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.frames) == 0 {
		return nil
	}
	frame := o.frames[0]
	o.frames[0] = nil
	o.frames = o.frames[1:]
	o.bytes -= len(frame)
	if len(o.frames) > 0 {
		o.signal()
	}
	return frame
}

func (o *outbox) signal() {
	select {
	case o.ready <- struct{}{}:
	default:
	}
}
