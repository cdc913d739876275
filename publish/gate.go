package publish

import (
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
)

// gate is the interceptor next to the wire. It is born closed, opens once, and
// is shut for good.
type gate struct {
	interceptor.NoOp

	mu     sync.Mutex // guards the three below; never held while a packet is written
	state  gateState
	inside int           // packets on their way to the wire
	idle   chan struct{} // closed when the gate is shut and no packet is on its way

	born    time.Time
	packets atomic.Uint64 // really written
	bytes   atomic.Uint64 // really written, headers included
	video   atomic.Uint64 // the video packets among them
	lastAt  atomic.Int64  // when the last one was written, ns since born
	resting atomic.Bool   // nothing has left lately: the next packet is news
	stirred chan struct{} // the news
}

type gateState uint8

const (
	gateBorn gateState = iota
	gateOpen
	gateShut
)

func newGate() *gate {
	g := &gate{idle: make(chan struct{}), stirred: make(chan struct{}, 1), born: time.Now()}
	g.resting.Store(true)
	return g
}

// open lets packets through. A gate that has been shut stays shut.
func (g *gate) open() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.state == gateBorn {
		g.state = gateOpen
	}
}

// shut lets nothing in any more, at once. The channel is closed when the packets
// that were on their way are gone too.
func (g *gate) shut() <-chan struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.state != gateShut {
		g.state = gateShut
		if g.inside == 0 {
			close(g.idle)
		}
	}
	return g.idle
}

func (g *gate) isOpen() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.state == gateOpen
}

func (g *gate) enter() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.state != gateOpen {
		return false
	}
	g.inside++
	return true
}

func (g *gate) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.inside--
	if g.inside == 0 && g.state == gateShut {
		close(g.idle)
	}
}

// count notes a packet of n bytes that was written. Pion writes 0 bytes without
// an error while there is no connection: such a packet has not left.
func (g *gate) count(n int, video bool) {
	if n <= 0 {
		return
	}
	g.packets.Add(1)
	g.bytes.Add(uint64(n))
	if video {
		g.video.Add(1)
	}
	g.lastAt.Store(int64(time.Since(g.born)))
	if g.resting.CompareAndSwap(true, false) {
		select {
		case g.stirred <- struct{}{}:
		default: // it is known already
		}
	}
}

// NewInterceptor implements interceptor.Factory: a gate serves one connection.
func (g *gate) NewInterceptor(string) (interceptor.Interceptor, error) { return g, nil }

// BindLocalStream implements interceptor.Interceptor. In Pion's chain the first
// interceptor wraps the wire, and later ones wrap it.
func (g *gate) BindLocalStream(info *interceptor.StreamInfo, wire interceptor.RTPWriter) interceptor.RTPWriter {
	video := strings.HasPrefix(info.MimeType, "video/")
	return interceptor.RTPWriterFunc(func(h *rtp.Header, payload []byte, a interceptor.Attributes) (int, error) {
		if !g.enter() {
			return 0, nil
		}
		defer g.leave()
		n, err := wire.Write(h, payload, a)
		g.count(n, video)
		return n, err
	})
}

// BindRTCPWriter implements interceptor.Interceptor: no reports about packets
// that no longer leave.
func (g *gate) BindRTCPWriter(wire interceptor.RTCPWriter) interceptor.RTCPWriter {
	return interceptor.RTCPWriterFunc(func(packets []rtcp.Packet, a interceptor.Attributes) (int, error) {
		if !g.enter() {
			return 0, nil
		}
		defer g.leave()
		return wire.Write(packets, a)
	})
}
