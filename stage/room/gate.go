package room

import (
	"encoding/binary"
	"strings"

	"github.com/pion/interceptor"
	"github.com/pion/rtp"

	"podium/stage"
)

// gateFactory makes the gate of one viewer's connection.
type gateFactory struct{ slot *slot }

// NewInterceptor implements interceptor.Factory.
func (f gateFactory) NewInterceptor(string) (interceptor.Interceptor, error) {
	return &gate{slot: f.slot}, nil
}

// gate is the last thing before encryption. It stops what the lanes no longer
// let through: the rest of a fan-out that an eviction overtook, and resent
// packets of a turn that is over.
type gate struct {
	interceptor.NoOp
	slot *slot
}

// BindLocalStream implements interceptor.Interceptor.
func (g *gate) BindLocalStream(info *interceptor.StreamInfo, next interceptor.RTPWriter) interceptor.RTPWriter {
	lane, resent := g.slot.laneOf(info), info.SSRCRetransmission
	return interceptor.RTPWriterFunc(func(h *rtp.Header, payload []byte, a interceptor.Attributes) (int, error) {
		seq := h.SequenceNumber
		if resent != 0 && h.SSRC == resent {
			if len(payload) < 2 {
				return 0, nil
			}
			// RFC 4588: a resent packet starts with its original number.
			seq = binary.BigEndian.Uint16(payload)
		}
		return lane.pass(seq, func() (int, error) {
			g.slot.room.out.add(len(payload))
			return next.Write(h, payload, a)
		})
	})
}

// laneOf is the lane that a viewer's stream comes from.
func (s *slot) laneOf(info *interceptor.StreamInfo) *lane {
	if strings.HasPrefix(info.MimeType, "video/") {
		return s.lanes[stage.Video]
	}
	return s.lanes[stage.Audio]
}
