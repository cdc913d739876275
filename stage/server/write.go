package server

import (
	"net"
	"sync"
	"time"
)

// writeTimeout is how long the network may take nothing of a connection.
const writeTimeout = 5 * time.Second

// batch is how many waiting bytes are copied together into one write.
const batch = 16 << 10

var batches = sync.Pool{New: func() any { b := make([]byte, 0, batch); return &b }}

// send queues one message and has it written; it never waits.
func (c *conn) send(payload []byte) { c.deliver(text(payload)) }

// deliver queues a frame and has it written now.
func (c *conn) deliver(f frame) {
	if c.queue(f) && c.out.claim() {
		go c.flush()
	}
}

// queue has a frame wait for the next writer. Who does not make room is cut.
func (c *conn) queue(f frame) bool {
	if c.out.put(f) {
		return true
	}
	c.out.discard()
	_ = c.ws.Close()
	c.log().Warn("connection cut: it reads too slowly", "limitBytes", c.out.limit)
	return false
}

// flush writes everything that waits. The caller has claimed it.
func (c *conn) flush() {
	for pieces := c.out.take(); pieces != nil; pieces = c.out.take() {
		if c.write(pieces) != nil {
			c.out.discard()
			_ = c.ws.Close() // ends the reader
		}
	}
}

// write sends pieces in as few writes as they fit into. Frames are written whole
// and beside the WebSocket library, whose own control frames go in between.
func (c *conn) write(pieces [][]byte) error {
	raw := c.ws.NetConn()
	if err := raw.SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil {
		return err
	}
	if len(pieces) == 1 {
		_, err := raw.Write(pieces[0])
		return err
	}
	size := 0
	for _, p := range pieces {
		size += len(p)
	}
	if size > batch {
		buffers := net.Buffers(pieces)
		_, err := buffers.WriteTo(raw)
		return err
	}
	together, _ := batches.Get().(*[]byte)
	defer batches.Put(together)
	whole := (*together)[:0]
	for _, p := range pieces {
		whole = append(whole, p...)
	}
	_, err := raw.Write(whole)
	return err
}
