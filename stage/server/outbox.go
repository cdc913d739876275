package server

import "sync"

// outboundBytes may wait for a connection; one that reads more slowly is cut,
// so that nobody else waits for it. The bound is in bytes, not in frames: one
// step in a full hall (a switch fails, and everybody's lease ends at once) makes
// thousands of small notices, and must not cut those who read at their usual pace.
const outboundBytes = 4 << 20

// outbox holds what waits for one connection, in order, and says who writes it:
// one goroutine at a time, and none while nothing waits.
type outbox struct {
	limit int // in bytes

	mu      sync.Mutex
	pieces  [][]byte
	bytes   int // waiting, and being written
	taken   int // of them being written
	writing bool
	closed  bool
	writers sync.WaitGroup
}

// put queues a frame and never waits; false means that there is no room. A closed
// outbox swallows it.
func (o *outbox) put(f frame) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed {
		return true
	}
	size := f.size()
	if o.bytes+size > o.limit {
		return false
	}
	o.pieces = append(o.pieces, f...)
	o.bytes += size
	return true
}

// claim makes the caller the one who writes, until take gives nothing. False:
// nothing waits, or somebody else writes.
func (o *outbox) claim() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed || o.writing || len(o.pieces) == 0 {
		return false
	}
	o.writing = true
	o.writers.Add(1)
	return true
}

// take gives everything that waits; nothing: the caller writes no more.
func (o *outbox) take() [][]byte {
	o.mu.Lock()
	defer o.mu.Unlock()
	pieces := o.pieces
	o.pieces = nil
	o.bytes -= o.taken
	o.taken = o.bytes
	if len(pieces) == 0 {
		o.writing = false
		o.writers.Done()
	}
	return pieces
}

// close lets nobody else write, waits for the one who does, and gives what is left.
func (o *outbox) close() [][]byte {
	o.mu.Lock()
	o.closed = true
	o.mu.Unlock()
	o.writers.Wait()
	o.mu.Lock()
	defer o.mu.Unlock()
	pieces := o.pieces
	o.pieces = nil
	return pieces
}

// discard drops what waits, and all that comes.
func (o *outbox) discard() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.closed, o.pieces = true, nil
}

func (o *outbox) isClosed() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.closed
}
