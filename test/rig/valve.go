package rig

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"
)

// Valve carries TCP connections to a server, and can hold up or break them all. It
// knows the stage's WebSocket by its first line.
type Valve struct {
	listener net.Listener
	to       string
	from     net.IP       // where connections to the server come from
	offered  func(string) // told the ICE name of each offer that goes up; nil: nobody asks
	work     sync.WaitGroup

	mu    sync.Mutex
	conns map[net.Conn]struct{}
	held  chan struct{} // closed when the hold is over; nil: nothing is held
	heard time.Time
	over  bool
}

// OpenValve listens on a free port of 127.0.0.1. The caller ends it with Close.
func OpenValve(to string, from net.IP, offered func(ufrag string)) (*Valve, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("cannot open a valve: %w", err)
	}
	v := &Valve{listener: l, to: to, from: from, offered: offered, conns: map[net.Conn]struct{}{}}
	v.work.Go(v.accept)
	return v, nil
}

// Address is where to connect to, host:port.
func (v *Valve) Address() string { return v.listener.Addr().String() }

// Hold lets nothing more through in either direction, or lets it go on. When it
// returns nothing is on its way any more.
func (v *Valve) Hold(held bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	switch {
	case held && v.held == nil:
		v.held = make(chan struct{})
	case !held && v.held != nil:
		close(v.held)
		v.held = nil
	}
}

// Reset breaks every connection as a network does that has forgotten it.
func (v *Valve) Reset() {
	v.mu.Lock()
	defer v.mu.Unlock()
	for c := range v.conns {
		if tcp, ok := c.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0)
		}
		_ = c.Close()
	}
}

// Heard is when the latest bytes of the stage's WebSocket were handed to the podium.
func (v *Valve) Heard() time.Time {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.heard
}

// Close ends all connections and waits for them.
func (v *Valve) Close() {
	v.mu.Lock()
	v.over = true
	for c := range v.conns {
		_ = c.Close()
	}
	v.mu.Unlock()
	v.Hold(false)
	_ = v.listener.Close()
	v.work.Wait()
}

func (v *Valve) accept() {
	for {
		outer, err := v.listener.Accept()
		if err != nil {
			return
		}
		v.work.Go(func() { v.carry(outer) })
	}
}

func (v *Valve) carry(outer net.Conn) {
	defer v.drop(outer)
	if !v.keep(outer) {
		return
	}
	dialer := net.Dialer{Timeout: patience, LocalAddr: &net.TCPAddr{IP: v.from}}
	inner, err := dialer.Dial("tcp", v.to)
	if err != nil {
		return
	}
	defer v.drop(inner)
	if !v.keep(inner) {
		return
	}
	socket := make(chan struct{}) // closed when it is known to be the WebSocket
	v.work.Go(func() {
		v.up(inner, outer, socket)
		v.drop(inner)
	})
	v.down(outer, inner, socket)
}

const valveBuffer = 16 << 10

var (
	webSocketLine = []byte("GET /v1/stage ")
	ufragLine     = []byte("\na=ice-ufrag:")
)

// up carries what the podium says, and looks at how it begins.
func (v *Valve) up(to, from net.Conn, socket chan<- struct{}) {
	var head []byte
	offer, buf := false, make([]byte, valveBuffer)
	for first := true; ; first = false {
		n, err := from.Read(buf)
		if n > 0 {
			if first && bytes.HasPrefix(buf[:n], webSocketLine) {
				close(socket)
			}
			offer = offer || first && bytes.HasPrefix(buf[:n], []byte("POST "))
			if offer {
				head = append(head, buf[:n]...)
				offer = !v.offer(head) && len(head) < valveBuffer
			}
			err = errors.Join(v.pass(to, buf[:n], false), err)
		}
		if err != nil {
			return
		}
	}
}

// offer looks for the ICE name in what a podium has posted so far.
func (v *Valve) offer(head []byte) bool {
	_, rest, found := bytes.Cut(head, ufragLine)
	end := bytes.IndexByte(rest, '\r')
	if !found || end < 0 {
		return false
	}
	if v.offered != nil {
		v.offered(string(rest[:end]))
	}
	return true
}

// down carries what the server says.
func (v *Valve) down(to, from net.Conn, socket <-chan struct{}) {
	buf := make([]byte, valveBuffer)
	for {
		n, err := from.Read(buf)
		if n > 0 {
			renews := false
			select {
			case <-socket:
				renews = true
			default:
			}
			err = errors.Join(v.pass(to, buf[:n], renews), err)
		}
		if err != nil {
			return
		}
	}
}

// pass hands bytes on as soon as nothing is held.
func (v *Valve) pass(to net.Conn, data []byte, renews bool) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	for v.held != nil && !v.over {
		held := v.held
		v.mu.Unlock()
		<-held
		v.mu.Lock()
	}
	if renews {
		v.heard = time.Now() // before: nobody has heard it earlier
	}
	_ = to.SetWriteDeadline(time.Now().Add(time.Second)) // who does not read holds nobody up
	_, err := to.Write(data)
	return err
}

func (v *Valve) keep(c net.Conn) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.conns[c] = struct{}{}
	return !v.over
}

func (v *Valve) drop(c net.Conn) {
	_ = c.Close()
	v.mu.Lock()
	delete(v.conns, c)
	v.mu.Unlock()
}
