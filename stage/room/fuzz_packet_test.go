package room

import (
	"bytes"
	"testing"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"podium/internal/formats"
	"podium/stage"
)

// fuzzViewer is bound to a lane's track and keeps the last packet.
type fuzzViewer struct {
	webrtc.TrackLocalContext

	count   int
	header  rtp.Header
	payload []byte
}

func (*fuzzViewer) ID() string                              { return "viewer" }
func (*fuzzViewer) SSRC() webrtc.SSRC                       { return 42 }
func (*fuzzViewer) SSRCRetransmission() webrtc.SSRC         { return 43 }
func (*fuzzViewer) SSRCForwardErrorCorrection() webrtc.SSRC { return 0 }
func (v *fuzzViewer) WriteStream() webrtc.TrackLocalWriter  { return v }
func (*fuzzViewer) RTCPReader() interceptor.RTCPReader      { return nil }
func (v *fuzzViewer) Write(b []byte) (int, error)           { return len(b), nil }
func (*fuzzViewer) CodecParameters() []webrtc.RTPCodecParameters {
	return []webrtc.RTPCodecParameters{{RTPCodecCapability: formats.H264, PayloadType: 102}}
}
func (*fuzzViewer) HeaderExtensions() []webrtc.RTPHeaderExtensionParameter { return nil }

func (v *fuzzViewer) WriteRTP(h *rtp.Header, payload []byte) (int, error) {
	v.count++
	v.header, v.payload = h.Clone(), bytes.Clone(payload)
	return len(payload), nil
}

// FuzzPackets has two publications of one seat send any packets, take the lane
// and be cut, and the viewer's connection resend any. A packet goes out only for
// the publication that has the lane and is not cut, with a header that is the
// room's own; a cut publication never sends again.
func FuzzPackets(f *testing.F) {
	packet := func(seq uint16, more ...byte) []byte {
		return append([]byte{0x80, 0x66, byte(seq >> 8), byte(seq), 0, 0, 0, 1, 0, 0, 0, 7}, more...)
	}
	step := func(op byte, b []byte) []byte { return append([]byte{op, byte(len(b))}, b...) }
	f.Add(bytes.Join([][]byte{step(2, nil), step(0, packet(1, 0x65)), step(0, packet(0, 1)), step(4, nil), step(0, packet(2)), step(3, nil), step(1, packet(65535, 9)), step(6, packet(1)), step(7, []byte{0, 1, 2})}, nil))
	f.Add(bytes.Join([][]byte{step(3, nil), step(1, []byte{0xbf, 0xff, 0, 1, 0, 0, 0, 1, 0, 0, 0, 7, 0xbe, 0xde, 0, 1, 0x10, 1, 0, 0}), step(1, []byte{0xa0, 0x66, 0, 2, 0, 0, 0, 1, 0, 0, 0, 7, 0xff})}, nil))
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := newLane(stage.Video, formats.H264)
		if err != nil {
			t.Fatal(err)
		}
		v := &fuzzViewer{}
		if _, err := l.track.Bind(v); err != nil {
			t.Fatal(err)
		}
		x := &laneModel{t: t, lane: l, viewer: v, now: time.Unix(1000, 0), pubs: [2]*publication{{}, {}}}
		x.resend = (&gate{slot: &slot{room: &Room{}, lanes: map[stage.Media]*lane{stage.Video: l}}}).BindLocalStream(
			&interceptor.StreamInfo{MimeType: webrtc.MimeTypeH264, SSRC: 42, SSRCRetransmission: 43},
			interceptor.RTPWriterFunc(func(*rtp.Header, []byte, interceptor.Attributes) (int, error) { x.resent++; return 1, nil }))
		for steps := 0; len(data) >= 2 && steps < 256; steps++ {
			n := min(int(data[1]), len(data)-2)
			x.do(data[0], data[2:2+n])
			data = data[2+n:]
		}
	})
}

// laneModel knows who has the lane.
type laneModel struct {
	t      *testing.T
	lane   *lane
	viewer *fuzzViewer
	resend interceptor.RTPWriter
	resent int
	now    time.Time
	pubs   [2]*publication
	owner  *publication
}

func (x *laneModel) do(op byte, data []byte) {
	x.now = x.now.Add(time.Duration(len(data)) * time.Millisecond)
	p := x.pubs[op&1]
	switch op % 8 {
	case 0, 1:
		x.forward(p, data)
	case 2, 3:
		x.lane.open(p)
		if !p.cut.Load() {
			x.owner = p
		}
	case 4, 5:
		p.cut.Store(true)
		x.lane.shut(p)
		if x.owner == p {
			x.owner = nil
		}
	default:
		h := rtp.Header{SSRC: 42 + uint32(op&1)}
		if op&1 == 0 && len(data) > 1 {
			h.SequenceNumber = uint16(data[0])<<8 | uint16(data[1])
		}
		before := x.resent
		if _, err := x.resend.Write(&h, data, nil); err != nil {
			x.t.Error(err)
		}
		if x.owner == nil && x.resent > before {
			x.t.Errorf("%x is resent though nobody has the lane", data)
		}
	}
}

func (x *laneModel) forward(p *publication, data []byte) {
	var pkt rtp.Packet
	if pkt.Unmarshal(data) != nil {
		return
	}
	want := bytes.Clone(pkt.Payload)
	marker, before := pkt.Marker, x.viewer.count
	sent := x.lane.forward(p, &pkt, x.now)
	if sent != (x.viewer.count > before) || sent && p != x.owner {
		x.t.Fatalf("%x: forwarded %t, %d packets left, and the lane is another's: %t", data, sent, x.viewer.count-before, p != x.owner)
	}
	if !sent {
		return
	}
	h := x.viewer.header
	own := rtp.Header{Version: 2, Marker: marker, PayloadType: 102, SSRC: 42, SequenceNumber: h.SequenceNumber, Timestamp: h.Timestamp}
	if h.Padding || h.Extension || len(h.CSRC) > 0 || h.PayloadType != own.PayloadType || h.SSRC != own.SSRC || h.Marker != own.Marker || h.MarshalSize() != own.MarshalSize() {
		x.t.Errorf("%x leaves with the header %+v", data, h)
	}
	if !bytes.Equal(x.viewer.payload, want) {
		x.t.Errorf("%x leaves with the payload %x, want %x", data, x.viewer.payload, want)
	}
}
