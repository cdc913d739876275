package main

import (
	"encoding/binary"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"podium/test/hil/guestapi"
)

// wireWatch sees every packet on the loopback interface and counts the RTP
// among them, encrypted or not: header and SSRC are in the clear in SRTP
// (RFC 3711, section 3.1).
type wireWatch struct {
	clock  clock
	socket int

	mu      sync.Mutex
	flows   map[flowKey]*guestapi.Flow
	packets []guestapi.Packet
}

type flowKey struct {
	from, to netip.AddrPort
	ssrc     uint32
}

func watchWire(clock clock) (*wireWatch, error) {
	all := int(binary.BigEndian.Uint16(binary.NativeEndian.AppendUint16(nil, unix.ETH_P_ALL)))
	socket, err := unix.Socket(unix.AF_PACKET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, all)
	if err != nil {
		return nil, fmt.Errorf("cannot watch the wire: %w", err)
	}
	lo, err := net.InterfaceByName("lo")
	if err != nil {
		return nil, err
	}
	if err := unix.Bind(socket, &unix.SockaddrLinklayer{Protocol: uint16(all), Ifindex: lo.Index}); err != nil {
		return nil, fmt.Errorf("cannot watch the wire: %w", err)
	}
	if err := unix.SetsockoptInt(socket, unix.SOL_SOCKET, unix.SO_TIMESTAMPNS, 1); err != nil {
		return nil, fmt.Errorf("cannot time the wire: %w", err)
	}
	w := &wireWatch{clock: clock, socket: socket, flows: map[flowKey]*guestapi.Flow{}}
	go w.run()
	return w, nil
}

func (w *wireWatch) run() {
	packet, control := make([]byte, 65536), make([]byte, 256)
	for {
		n, controlLen, _, from, err := unix.Recvmsg(w.socket, packet, control, 0)
		if err != nil {
			if err == unix.EINTR {
				continue
			}
			fmt.Println("guest: the wire's watch ended:", err)
			return
		}
		// On the loopback every packet passes twice, out and in; one is enough.
		if ll, ok := from.(*unix.SockaddrLinklayer); ok && ll.Pkttype == unix.PACKET_OUTGOING {
			continue
		}
		w.see(packet[:n], w.clock.now()-age(control[:controlLen], time.Now()))
	}
}

// oldest is the greatest age of a packet that is believed. The kernel stamps
// with the wall clock: when that jumps, the packets on their way get strange ages.
const oldest = 10 * time.Second

// age is how long ago the kernel saw the packet: the agent itself may get to run
// much later on an emulated machine.
func age(control []byte, now time.Time) time.Duration {
	messages, err := unix.ParseSocketControlMessage(control)
	for _, m := range messages {
		if err != nil || m.Header.Type != unix.SO_TIMESTAMPNS || len(m.Data) < 16 {
			continue
		}
		seen := time.Unix(int64(binary.NativeEndian.Uint64(m.Data)), int64(binary.NativeEndian.Uint64(m.Data[8:])))
		if d := now.Round(0).Sub(seen); d >= 0 && d <= oldest {
			return d
		}
	}
	return 0
}

func (w *wireWatch) see(packet []byte, at time.Duration) {
	key, payload, ok := splitUDP(packet)
	if !ok || len(payload) < 12 || payload[0]>>6 != 2 {
		return
	}
	if payload[1] >= 192 && payload[1] <= 223 { // RTCP, RFC 5761 section 4
		return
	}
	key.ssrc = binary.BigEndian.Uint32(payload[8:])
	w.mu.Lock()
	defer w.mu.Unlock()
	flow := w.flows[key]
	if flow == nil {
		flow = &guestapi.Flow{From: key.from.String(), To: key.to.String(), SSRC: key.ssrc, PayloadType: payload[1] & 0x7f, First: at}
		w.flows[key] = flow
	}
	w.packets = append(w.packets, guestapi.Packet{At: at, To: flow.To, PayloadType: flow.PayloadType})
	flow.Packets++
	flow.Bytes += len(payload)
	flow.Last = at
}

// splitUDP returns the addresses and the payload of a UDP packet, IPv4 or IPv6
// without extension headers.
func splitUDP(packet []byte) (key flowKey, payload []byte, ok bool) {
	var from, to netip.Addr
	switch {
	case len(packet) >= 28 && packet[0]>>4 == 4 && packet[9] == unix.IPPROTO_UDP:
		from, to = netip.AddrFrom4([4]byte(packet[12:16])), netip.AddrFrom4([4]byte(packet[16:20]))
		packet = packet[min(int(packet[0]&15)*4, len(packet)):]
	case len(packet) >= 48 && packet[0]>>4 == 6 && packet[6] == unix.IPPROTO_UDP:
		from, to = netip.AddrFrom16([16]byte(packet[8:24])), netip.AddrFrom16([16]byte(packet[24:40]))
		packet = packet[40:]
	default:
		return key, nil, false
	}
	if len(packet) < 8 {
		return key, nil, false
	}
	key.from = netip.AddrPortFrom(from, binary.BigEndian.Uint16(packet))
	key.to = netip.AddrPortFrom(to, binary.BigEndian.Uint16(packet[2:]))
	return key, packet[8:], true
}

// Wire returns the RTP that the wire has carried.
func (g *Guest) Wire(_ guestapi.None, wire *guestapi.Wire) error {
	g.wire.mu.Lock()
	defer g.wire.mu.Unlock()
	wire.Now = g.clock.now()
	for _, flow := range g.wire.flows {
		wire.Flows = append(wire.Flows, *flow)
	}
	return nil
}

// Packets returns the RTP packets to one address since a moment, in their order.
func (g *Guest) Packets(p guestapi.Packets, packets *[]guestapi.Packet) error {
	g.wire.mu.Lock()
	defer g.wire.mu.Unlock()
	*packets = []guestapi.Packet{}
	for _, one := range g.wire.packets {
		if one.To == p.To && one.At >= p.Since {
			*packets = append(*packets, one)
		}
	}
	return nil
}
