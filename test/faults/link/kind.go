package link

import "encoding/binary"

// Kind is what an IP packet carries.
type Kind int

// The kinds that the podium and the stage send each other.
const (
	Other Kind = iota
	RTP
	RTCP
	STUN
	DTLS
	TCP
	kinds
)

// String names the kind as the RFCs do.
func (k Kind) String() string { return [...]string{"other", "RTP", "RTCP", "STUN", "DTLS", "TCP"}[k] }

// The protocol numbers of IP, and the shortest headers in bytes.
const (
	protocolTCP = 6
	protocolUDP = 17

	leastIPv4 = 20
	leastIPv6 = 40
	leastUDP  = 8
	leastRTP  = 12
	leastRTCP = 8
)

// KindOf tells what an IP packet carries. Media, checks and handshakes share one
// UDP port: the first byte tells them apart (RFC 7983, section 7), and RTP from
// RTCP the second (RFC 5761, section 4). Encryption leaves both in the clear.
func KindOf(packet []byte) Kind {
	protocol, rest := payload(packet)
	switch {
	case protocol == protocolTCP:
		return TCP
	case protocol != protocolUDP || len(rest) <= leastUDP:
		return Other
	}
	return kindOfUDP(rest[leastUDP:])
}

func kindOfUDP(data []byte) Kind {
	switch first := data[0]; {
	case first <= 3:
		return STUN
	case first >= 20 && first <= 63:
		return DTLS
	case first < 128 || first > 191 || len(data) < leastRTCP:
		return Other
	case data[1] >= 192 && data[1] <= 223:
		return RTCP
	case len(data) < leastRTP:
		return Other
	default:
		return RTP
	}
}

// payload gives what follows the IP header, and whose it is. A fragment behind
// the first has no header to tell by, so it is nobody's.
func payload(packet []byte) (protocol byte, rest []byte) {
	const fragmentOffset = 0x1fff
	switch {
	case len(packet) >= leastIPv4 && packet[0]>>4 == 4:
		header := max(leastIPv4, int(packet[0]&15)*4)
		if len(packet) < header || binary.BigEndian.Uint16(packet[6:])&fragmentOffset != 0 {
			return 0, nil
		}
		return packet[9], packet[header:]
	case len(packet) >= leastIPv6 && packet[0]>>4 == 6:
		return packet[6], packet[leastIPv6:]
	}
	return 0, nil
}
