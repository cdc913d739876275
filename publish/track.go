package publish

import (
	"sync"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/rtp/codecs"
	"github.com/pion/webrtc/v4"
	"github.com/pion/webrtc/v4/pkg/media"

	"podium/internal/reports"
)

// packetSize is the most bytes of an RTP packet, as Pion's own tracks have it.
const packetSize = 1200

// track packs the samples of one device into RTP. A sample's RTP time is that of its
// capture: as much later than the one before as it was captured later. Pion's
// TrackLocalStaticSample gives a sample's duration to the next one, and so tells of a
// lost picture or a changed rate one sample late.
//
// write belongs to one goroutine.
type track struct {
	*webrtc.TrackLocalStaticRTP
	packets rtp.Packetizer
	ticks   float64 // of the RTP clock in a second
	rest    float64 // of a tick, not yet in RTP time

	mu   sync.Mutex // guards line
	line reports.Line
}

func newTrack(codec webrtc.RTPCodecCapability, id string) (*track, error) {
	local, err := webrtc.NewTrackLocalStaticRTP(codec, id, "podium")
	if err != nil {
		return nil, err
	}
	var payloads rtp.Payloader = &codecs.OpusPayloader{}
	if local.Kind() == webrtc.RTPCodecTypeVideo {
		payloads = &codecs.H264Payloader{}
	}
	return &track{
		TrackLocalStaticRTP: local,
		packets:             rtp.NewPacketizerWithOptions(packetSize, payloads, rtp.NewRandomSequencer(), codec.ClockRate),
		ticks:               float64(codec.ClockRate), line: reports.Line{Rate: codec.ClockRate},
	}, nil
}

// write sends a sample. A packet that cannot be sent is lost like one that the
// network loses; that none leaves is told by the gate, and that the connection
// has failed by the peer.
func (t *track) write(sample media.Sample) {
	t.rest += sample.Duration.Seconds() * t.ticks
	whole := uint32(t.rest)
	t.rest -= float64(whole)
	t.packets.SkipSamples(whole)
	for i, packet := range t.packets.Packetize(sample.Data, 0) {
		if i == 0 {
			t.note(packet.Timestamp, sample.Timestamp)
		}
		_ = t.WriteRTP(packet)
	}
}

// note keeps when the sample of an RTP time was captured. One that tells no time counts
// as captured now.
func (t *track) note(stamp uint32, captured time.Time) {
	if captured.IsZero() {
		captured = time.Now()
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.line.Near(stamp, captured)
}

// clock gives the RTP time of what the device captures at now (RFC 3550, section 6.4.1).
func (t *track) clock(now time.Time) (stamp uint32, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.line.At(now)
}
