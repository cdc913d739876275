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

// Reason names why nothing may leave by a gate; empty: it is open.
type Reason string

// The reasons.
const (
	NotOpened  Reason = "not_opened"  // no publication runs
	PermitOver Reason = "permit_over" // the owner has not said in time that it may stay open
	Closed     Reason = "closed"      // by Close
	PlaceLost  Reason = "place_lost"  // the place refused the publication, or the connection failed
)

// gate is the interceptor next to the wire. It is born closed, opens once, and
// is shut for good. It is open for as long only as its owner's latest permit
// says: an owner that hangs, a process that is stopped or a machine that sleeps
// need not do anything for it to be shut.
type gate struct {
	interceptor.NoOp
	now func() time.Time

	mu     sync.Mutex // guards the five below; never held while a packet is written
	opened bool
	until  time.Time     // of the permit, by now
	why    Reason        // it was shut; empty: it was not
	inside int           // packets on their way to the wire
	idle   chan struct{} // closed when the gate is shut and no packet is on its way
	lapsed chan struct{} // closed when it shut itself, since its permit had run out

	born    time.Time
	packets atomic.Uint64 // really written
	bytes   atomic.Uint64 // really written, headers included
	video   atomic.Uint64 // the video packets among them
	lastAt  atomic.Int64  // when the last one was written, ns since born
	resting atomic.Bool   // nothing has left lately: the next packet is news
	stirred chan struct{} // the news
}

func newGate(now func() time.Time) *gate {
	g := &gate{
		now: now, idle: make(chan struct{}), lapsed: make(chan struct{}), stirred: make(chan struct{}, 1), born: time.Now(),
	}
	g.resting.Store(true)
	return g
}

// verdict says why no packet may pass now; empty: one may. It is the one place
// that decides it. The caller holds the lock.
func (g *gate) verdict() Reason {
	switch {
	case g.why != "":
		return g.why
	case !g.opened:
		return NotOpened
	case !g.now().Before(g.until):
		return PermitOver
	default:
		return ""
	}
}

// open lets packets through until the permit runs out. A gate that has been shut
// stays shut, and one that is open is not opened again.
func (g *gate) open(until time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.opened && g.why == "" {
		g.opened, g.until = true, until
	}
}

// renew takes a new permit, which may also end sooner than the former one. One
// that comes too late shuts the gate.
func (g *gate) renew(until time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.look() == "" {
		g.until = until
	}
}

// look gives the verdict, and makes a permit that has run out final. The caller
// holds the lock.
func (g *gate) look() Reason {
	why := g.verdict()
	if why == PermitOver && g.why == "" {
		g.end(PermitOver)
		close(g.lapsed)
	}
	return why
}

// end shuts the gate for good. The caller holds the lock, and has seen that it
// was not.
func (g *gate) end(why Reason) {
	g.why = why
	if g.inside == 0 {
		close(g.idle)
	}
}

// shut lets nothing in any more, at once. The channel is closed when the packets
// that were on their way are gone too.
func (g *gate) shut(why Reason) <-chan struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.why == "" {
		g.end(why)
	}
	return g.idle
}

// closedFor gives why nothing may leave; empty: the gate is open.
func (g *gate) closedFor() Reason {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.verdict()
}

func (g *gate) enter() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.look() != "" {
		return false
	}
	g.inside++
	return true
}

func (g *gate) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.inside--
	if g.inside == 0 && g.why != "" {
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
