package server

import (
	"sync"
	"sync/atomic"
	"time"
)

const (
	// slice is how many connections of the mass are written to at a time.
	slice = 128
	// sliceLimit is how long the crier waits for the slow ones of a slice; they go
	// on by themselves.
	sliceLimit = 5 * time.Millisecond
)

// crier writes what everybody hears to the mass of connections: some at a time,
// and never for more than half of the time, so that a press and the hosts' news,
// which do not go through it, get through. Who has several frames waiting when the
// turn comes gets them in one write. Its goroutine runs while somebody waits.
type crier struct {
	mu      sync.Mutex
	queue   []*conn
	running bool
}

// add gives everybody a turn who has none yet.
func (c *crier) add(conns []*conn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, one := range conns {
		if !one.waits {
			one.waits = true
			c.queue = append(c.queue, one)
		}
	}
	if !c.running && len(c.queue) > 0 {
		c.running = true
		go c.run()
	}
}

func (c *crier) run() {
	for turn := c.next(); turn != nil; turn = c.next() {
		began := time.Now()
		cry(turn)
		if len(turn) == slice { // there are more
			time.Sleep(min(time.Since(began), sliceLimit))
		}
	}
}

// next gives those whose turn it is; none: the goroutine has to end.
func (c *crier) next() []*conn {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.queue) == 0 {
		c.queue, c.running = nil, false
		return nil
	}
	turn := c.queue[:min(slice, len(c.queue))]
	c.queue = c.queue[len(turn):]
	for _, one := range turn {
		one.waits = false
	}
	return turn
}

// cry writes to some connections at once.
func cry(turn []*conn) {
	var left atomic.Int32
	left.Store(1)
	done := make(chan struct{})
	finished := func() {
		if left.Add(-1) == 0 {
			close(done)
		}
	}
	for _, one := range turn {
		if one.out.claim() {
			left.Add(1)
			go func() { one.flush(); finished() }()
		}
	}
	finished()
	limit := time.NewTimer(sliceLimit)
	defer limit.Stop()
	select {
	case <-done:
	case <-limit.C:
	}
}
