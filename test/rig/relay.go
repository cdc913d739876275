package rig

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

// Relay is a UDP address that hands all it gets to a media server's, and back. Which
// podium a packet is from is told by the first check of its connection, which names
// the offer that a Lane expects.
type Relay struct {
	outside *net.UDPConn
	to      *net.UDPAddr
	work    sync.WaitGroup

	mu       sync.Mutex
	expected map[string]*Lane // by the ICE name of the offer
	sessions map[netip.AddrPort]*session
	over     bool
}

// Lane is one podium's way through a relay.
type Lane struct {
	relay        *Relay
	last         atomic.Int64 // when the latest RTP packet came from the podium, Unix time in ns
	packets      atomic.Int64 // of RTP from the podium
	noUp, noDown atomic.Bool
	names        []string // expected, oldest first; guarded by Relay.mu
}

// session is one connection of a lane.
type session struct {
	lane   *Lane
	inside *net.UDPConn
	used   atomic.Int64 // Unix time in ns
}

// The two addresses of a relay: podiums are sent to the first, and the server
// listens on the same port of the second.
const (
	RelayHost = "127.0.0.2"
	mediaHost = "127.0.0.1"
)

// offersKept is how many offers of a podium may be under way.
const offersKept = 4

// sessionEnd is after how long a silence a connection is forgotten.
const sessionEnd = 5 * time.Second

// OpenRelay takes a port that is free on both addresses. The caller ends it with
// Close.
func OpenRelay() (*Relay, error) {
	const tries = 20
	for try := 0; ; try++ {
		outside, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.ParseIP(RelayHost)})
		if err != nil {
			return nil, fmt.Errorf("cannot open a relay: %w", err)
		}
		to := &net.UDPAddr{IP: net.ParseIP(mediaHost), Port: outside.LocalAddr().(*net.UDPAddr).Port} //nolint:forcetypeassert // what ListenUDP gives
		probe, err := net.ListenUDP("udp4", to)
		if err == nil {
			_ = probe.Close()
			return newRelay(outside, to)
		}
		_ = outside.Close()
		if try == tries {
			return nil, fmt.Errorf("cannot open a relay: no port is free on %s and %s: %w", RelayHost, mediaHost, err)
		}
	}
}

func newRelay(outside *net.UDPConn, to *net.UDPAddr) (*Relay, error) {
	if err := askTimes(outside); err != nil {
		return nil, err
	}
	r := &Relay{outside: outside, to: to, expected: map[string]*Lane{}, sessions: map[netip.AddrPort]*session{}}
	r.work.Go(r.run)
	return r, nil
}

// askTimes has the kernel tell when it took each packet in.
func askTimes(conn *net.UDPConn) error {
	raw, err := conn.SyscallConn()
	if err != nil {
		return err
	}
	var bad error
	if err := raw.Control(func(fd uintptr) {
		bad = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_TIMESTAMPNS, 1)
	}); err != nil || bad != nil {
		return fmt.Errorf("cannot ask the kernel for the times of packets: %w", errors.Join(err, bad))
	}
	return nil
}

// Media is where the server has to listen, host:port.
func (r *Relay) Media() string { return r.to.String() }

// Lane makes one podium's way.
func (r *Relay) Lane() *Lane { return &Lane{relay: r} }

// Expect tells the ICE name of an offer whose connection will be the lane's.
func (l *Lane) Expect(ufrag string) {
	l.relay.mu.Lock()
	defer l.relay.mu.Unlock()
	l.relay.expected[ufrag] = l
	l.names = append(l.names, ufrag)
	if len(l.names) > offersKept {
		delete(l.relay.expected, l.names[0])
		l.names = l.names[1:]
	}
}

// Last is when the kernel took in the latest RTP packet of the podium.
func (l *Lane) Last() time.Time { return time.Unix(0, l.last.Load()) }

// Packets counts the podium's RTP packets.
func (l *Lane) Packets() int64 { return l.packets.Load() }

// Hold lets nothing more through from the podium, or to it.
func (l *Lane) Hold(up, down bool) {
	l.noUp.Store(up)
	l.noDown.Store(down)
}

// Close ends the relay and waits for all that it started.
func (r *Relay) Close() {
	r.mu.Lock()
	r.over = true
	for _, s := range r.sessions {
		_ = s.inside.Close()
	}
	r.mu.Unlock()
	_ = r.outside.Close()
	r.work.Wait()
}

const largestDatagram = 2048

func (r *Relay) run() {
	buf, oob := make([]byte, largestDatagram), make([]byte, 128)
	swept := time.Now()
	for {
		n, m, _, from, err := r.outside.ReadMsgUDPAddrPort(buf, oob)
		if err != nil {
			return
		}
		r.take(from, buf[:n], stamp(oob[:m]))
		if time.Since(swept) > time.Second {
			swept = time.Now()
			r.sweep(swept)
		}
	}
}

// stamp reads when the kernel took a packet in (socket(7), SO_TIMESTAMPNS).
func stamp(oob []byte) int64 {
	const header = unix.SizeofCmsghdr
	if len(oob) < header+16 {
		return time.Now().UnixNano()
	}
	data := oob[header:]
	return int64(binary.NativeEndian.Uint64(data))*int64(time.Second) + int64(binary.NativeEndian.Uint64(data[8:]))
}

// take hands one packet of a podium to the server.
func (r *Relay) take(from netip.AddrPort, packet []byte, at int64) {
	s := r.session(from, packet)
	if s == nil {
		return
	}
	s.used.Store(at)
	if isRTP(packet) {
		s.lane.last.Store(at)
		s.lane.packets.Add(1)
	}
	if !s.lane.noUp.Load() {
		_, _ = s.inside.Write(packet) // a server that is gone misses it as on a network
	}
}

// session finds the connection that a packet belongs to, or makes it. A port may be
// another podium's a moment after it was the first one's: its name tells.
func (r *Relay) session(from netip.AddrPort, packet []byte) *session {
	r.mu.Lock()
	defer r.mu.Unlock()
	known := r.sessions[from]
	lane := r.expected[caller(packet)]
	if r.over || lane == nil || (known != nil && known.lane == lane) {
		return known
	}
	if known != nil {
		delete(r.sessions, from)
		_ = known.inside.Close()
	}
	inside, err := net.DialUDP("udp4", nil, r.to)
	if err != nil {
		return nil
	}
	s := &session{lane: lane, inside: inside}
	r.sessions[from] = s
	r.work.Go(func() { r.back(from, s) })
	return s
}

// back hands what the server answers to the podium.
func (r *Relay) back(to netip.AddrPort, s *session) {
	buf := make([]byte, largestDatagram)
	for {
		n, err := s.inside.Read(buf)
		if err != nil && n == 0 {
			r.mu.Lock()
			gone := r.over || r.sessions[to] != s
			r.mu.Unlock()
			if gone {
				return
			}
			continue // the server's port was shut for a moment
		}
		if !s.lane.noDown.Load() {
			_, _ = r.outside.WriteToUDPAddrPort(buf[:n], to)
		}
	}
}

// sweep forgets connections that are over.
func (r *Relay) sweep(now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for from, s := range r.sessions {
		if now.UnixNano()-s.used.Load() > int64(sessionEnd) {
			delete(r.sessions, from)
			_ = s.inside.Close()
		}
	}
}
