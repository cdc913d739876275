package room

import (
	"fmt"
	"net"
	"net/netip"

	"github.com/pion/ice/v4"
	"github.com/pion/logging"
)

// socketBuffer is asked of the kernel in both directions, in bytes: a keyframe
// to many viewers leaves in one burst.
const socketBuffer = 2 << 20

// port is the room's one UDP socket. It lists the addresses to offer afresh for
// every session, because Pion would keep those of its start.
type port struct {
	*ice.UDPMuxDefault
	local    *net.UDPAddr
	announce []netip.Addr
}

// openPort binds the UDP address listen.
func openPort(listen string, announce []netip.Addr, logs logging.LoggerFactory) (*port, error) {
	addr, err := net.ResolveUDPAddr("udp", listen)
	if err != nil {
		return nil, fmt.Errorf("cannot listen for media on %q: %w", listen, err)
	}
	conn, err := net.ListenUDP(family(addr.IP), addr)
	if err != nil {
		return nil, fmt.Errorf("cannot listen for media on UDP %s: %w", listen, err)
	}
	// The kernel cuts these to its own limits; less only means more waiting.
	_ = conn.SetReadBuffer(socketBuffer)
	_ = conn.SetWriteBuffer(socketBuffer)
	mux := ice.NewUDPMuxDefault(ice.UDPMuxParams{UDPConn: conn, Logger: logs.NewLogger("udp")})
	local, ok := conn.LocalAddr().(*net.UDPAddr)
	if !ok {
		return nil, fmt.Errorf("cannot use %s: not a UDP address", conn.LocalAddr())
	}
	return &port{UDPMuxDefault: mux, local: local, announce: announce}, nil
}

// family is the network to bind ip in: 0.0.0.0 means IPv4 alone, :: means both.
func family(ip net.IP) string {
	if ip.To4() != nil {
		return "udp4"
	}
	return "udp"
}

// GetListenAddresses returns the addresses that go into an answer as candidates.
func (p *port) GetListenAddresses() []net.Addr {
	switch {
	case len(p.announce) > 0:
		return p.withPort(p.announce)
	case p.local.IP.IsUnspecified():
		return p.withPort(interfaceAddrs(p.local.IP.To4() != nil))
	}
	return []net.Addr{p.local}
}

// GetConn returns the session's side of the socket. An announced address is
// nobody's here, so a socket with an address of its own answers for it.
func (p *port) GetConn(ufrag string, addr net.Addr) (net.PacketConn, error) {
	if !p.local.IP.IsUnspecified() {
		addr = p.local
	}
	return p.UDPMuxDefault.GetConn(ufrag, addr)
}

func (p *port) withPort(addrs []netip.Addr) []net.Addr {
	list := make([]net.Addr, len(addrs))
	for i, addr := range addrs {
		list[i] = net.UDPAddrFromAddrPort(netip.AddrPortFrom(addr, uint16(p.local.Port)))
	}
	return list
}

// interfaceAddrs lists the addresses at which this machine can be reached. A
// machine without a network still offers its loopback address. Link-local IPv6
// is left out: a browser cannot use it without the zone.
func interfaceAddrs(v4only bool) []netip.Addr {
	all, err := net.InterfaceAddrs()
	if err != nil {
		return nil
	}
	var outside, loopback []netip.Addr
	for _, entry := range all {
		prefix, err := netip.ParsePrefix(entry.String())
		addr := prefix.Addr()
		switch {
		case err != nil, v4only && !addr.Is4(), addr.Is6() && addr.IsLinkLocalUnicast():
		case addr.IsLoopback():
			loopback = append(loopback, addr)
		default:
			outside = append(outside, addr)
		}
	}
	if len(outside) == 0 {
		return loopback
	}
	return outside
}
