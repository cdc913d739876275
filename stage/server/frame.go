package server

import "encoding/binary"

// frame is one WebSocket message in its wire form (RFC 6455, section 5.2), in
// pieces that many connections may share. Nobody writes into it.
type frame [][]byte

const (
	opText  = 0x1
	opClose = 0x8
	opPing  = 0x9
	final   = 0x80
)

// pingFrame asks whether the other side is there.
var pingFrame = frame{{final | opPing, 0}}

// goingAway is the close code 1001 (RFC 6455, section 7.4.1).
var goingAway = frame{{final | opClose, 2, 1001 >> 8, 1001 & 0xff}}

// copied is up to where it is cheaper to copy a payload behind its header than to
// send two pieces.
const copied = 16 << 10

// text makes a frame of a payload that may come in parts.
func text(parts ...[]byte) frame {
	length := 0
	for _, p := range parts {
		length += len(p)
	}
	head := header(length)
	if length > copied {
		return append(frame{head}, parts...)
	}
	whole := make([]byte, 0, len(head)+length)
	whole = append(whole, head...)
	for _, p := range parts {
		whole = append(whole, p...)
	}
	return frame{whole}
}

// header is that of an unmasked text frame, as servers send.
func header(length int) []byte {
	switch {
	case length < 126:
		return []byte{final | opText, byte(length)}
	case length < 1<<16:
		return binary.BigEndian.AppendUint16([]byte{final | opText, 126}, uint16(length))
	default:
		return binary.BigEndian.AppendUint64([]byte{final | opText, 127}, uint64(length))
	}
}

func (f frame) size() int {
	n := 0
	for _, piece := range f {
		n += len(piece)
	}
	return n
}
