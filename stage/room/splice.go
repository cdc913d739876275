package room

import (
	"math/rand/v2"
	"time"

	"github.com/pion/rtp"
)

// floorLag is how far behind the newest packet the floor of a long publication
// follows. It only has to stay within half of the sequence numbers' range, and
// beyond what a NACK can still ask for.
const floorLag = 8192

// splice joins one publication after another into a single RTP stream: the
// first packet of a publication takes the next sequence number, and a timestamp
// as much later as the clock went on; all others keep their distance to it
// (RFC 3550, 5.1).
type splice struct {
	clock uint32 // RTP clock rate in Hz

	fresh         bool // the next packet is the publication's first
	seqBy, timeBy uint32
	newest        uint16 // highest sequence number sent
	stamp         uint32 // its timestamp
	at            time.Time
	floor         uint16 // lowest sequence number of this publication
}

// newSplice starts a stream at a random place, as RFC 3550 asks for.
func newSplice(clock uint32) splice {
	first := uint16(rand.N(1 << 15))
	return splice{clock: clock, newest: first, floor: first + 1, stamp: rand.Uint32()}
}

// begin starts another publication.
func (s *splice) begin() {
	s.fresh = true
	s.floor = s.newest + 1
}

// rewrite moves h, which arrived at now, into the stream. It reports false for
// a packet from before the publication's first, whose numbers are taken.
func (s *splice) rewrite(h *rtp.Header, now time.Time) bool {
	if s.fresh {
		s.fresh = false
		s.seqBy = uint32(s.floor - h.SequenceNumber)
		s.timeBy = s.stamp + s.elapsed(now) - h.Timestamp
	}
	h.SequenceNumber += uint16(s.seqBy)
	h.Timestamp += s.timeBy
	if before(h.SequenceNumber, s.floor) {
		return false
	}
	if before(s.newest, h.SequenceNumber) {
		s.newest, s.stamp, s.at = h.SequenceNumber, h.Timestamp, now
		if s.newest-s.floor > 2*floorLag {
			s.floor = s.newest - floorLag
		}
	}
	return true
}

// elapsed is the time since the newest packet in RTP clock units, at least one
// so that two publications never share a timestamp.
func (s *splice) elapsed(now time.Time) uint32 {
	if s.at.IsZero() {
		return 1
	}
	units := now.Sub(s.at).Seconds() * float64(s.clock)
	return uint32(max(1, uint64(max(0, units))))
}

// before compares sequence numbers as RFC 1982 does.
func before(a, b uint16) bool { return int16(a-b) < 0 }
