package rig

import (
	"bytes"
	"encoding/binary"
)

// isRTP tells media from reports, checks and handshakes on the same port (RFC 7983,
// section 7; RFC 5761, section 4).
func isRTP(packet []byte) bool {
	const least = 12
	return len(packet) >= least && packet[0] >= 128 && packet[0] <= 191 && (packet[1] < 192 || packet[1] > 223)
}

// The parts of a check (RFC 8489, section 5 and 14.3).
const (
	stunHeader   = 20
	stunUsername = 0x0006
	stunCookie   = 0x2112A442
)

// caller gives the ICE name of who sends a check: the second half of its USERNAME
// (RFC 8445, section 7.2.2). Empty: it is no check.
func caller(packet []byte) string {
	if len(packet) < stunHeader || binary.BigEndian.Uint32(packet[4:]) != stunCookie {
		return ""
	}
	for rest := packet[stunHeader:]; len(rest) >= 4; {
		kind, length := binary.BigEndian.Uint16(rest), int(binary.BigEndian.Uint16(rest[2:]))
		rest = rest[4:]
		if length > len(rest) {
			return ""
		}
		if kind == stunUsername {
			_, name, _ := bytes.Cut(rest[:length], []byte(":"))
			return string(name)
		}
		rest = rest[min(len(rest), (length+3)&^3):]
	}
	return ""
}
