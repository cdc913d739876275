package publish

import (
	"testing"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
	"github.com/pion/webrtc/v4/pkg/media"

	"podium/internal/formats"
)

// bound is the connection that a track is bound to, and keeps the RTP times.
type bound struct {
	webrtc.TrackLocalContext
	codec  webrtc.RTPCodecCapability
	stamps []uint32
}

func (*bound) ID() string                              { return "test" }
func (*bound) SSRC() webrtc.SSRC                       { return 1 }
func (*bound) SSRCRetransmission() webrtc.SSRC         { return 0 }
func (*bound) SSRCForwardErrorCorrection() webrtc.SSRC { return 0 }
func (b *bound) WriteStream() webrtc.TrackLocalWriter  { return b }
func (*bound) RTCPReader() interceptor.RTCPReader      { return nil }
func (b *bound) Write(data []byte) (int, error)        { return len(data), nil }
func (b *bound) CodecParameters() []webrtc.RTPCodecParameters {
	return []webrtc.RTPCodecParameters{{RTPCodecCapability: b.codec, PayloadType: 102}}
}

func (b *bound) WriteRTP(h *rtp.Header, payload []byte) (int, error) {
	b.stamps = append(b.stamps, h.Timestamp)
	return len(payload), nil
}

// TestRTPTimeIsThatOfCapture has a stream with a gap, and two changes of its rate: each
// sample's RTP time and the clock of the reports are those of its own capture.
func TestRTPTimeIsThatOfCapture(t *testing.T) {
	for name, codec := range map[string]webrtc.RTPCodecCapability{"picture": formats.H264, "sound": formats.Opus} {
		one, b := newTestTrack(t, codec)
		began := time.Now()
		last := time.Duration(0)
		for i, next := range []time.Duration{0, 33, 67, 100, 300, 333, 433, 533, 566} {
			at := next * time.Millisecond
			one.write(media.Sample{Data: []byte{0x41, 1, 2}, Timestamp: began.Add(at), Duration: at - last})
			last = at
			ticks := uint32(at.Seconds() * float64(codec.ClockRate))
			if got := b.stamps[i] - b.stamps[0]; got+1 < ticks || got > ticks+1 {
				t.Errorf("%s after %s has RTP time %d, want %d", name, at, got, ticks)
			}
			// It is asked later, as a report is.
			stamp, ok := one.clock(began.Add(at + time.Second))
			if off := int32(stamp - b.stamps[i] - codec.ClockRate); !ok || off < -2 || off > 2 {
				t.Errorf("%s: a second after the capture at %s the clock is off by %d: %t", name, at, off, ok)
			}
		}
	}
}

func newTestTrack(t *testing.T, codec webrtc.RTPCodecCapability) (*track, *bound) {
	t.Helper()
	one, err := newTrack(codec, "test")
	if err != nil {
		t.Fatal(err)
	}
	b := &bound{codec: codec}
	if _, err := one.Bind(b); err != nil {
		t.Fatal(err)
	}
	return one, b
}

// TestASampleWithoutATime counts as captured when it is sent.
func TestASampleWithoutATime(t *testing.T) {
	one, b := newTestTrack(t, formats.Opus)
	if _, ok := one.clock(time.Now()); ok {
		t.Error("the clock goes before the first sample")
	}
	one.write(media.Sample{Data: []byte("x"), Duration: 20 * time.Millisecond})
	if stamp, ok := one.clock(time.Now()); !ok || stamp-b.stamps[0] > formats.Opus.ClockRate {
		t.Errorf("clock at %d, %t; the sample has %d", stamp, ok, b.stamps[0])
	}
}
