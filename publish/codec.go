package publish

import (
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/interceptor/pkg/nack"
	"github.com/pion/interceptor/pkg/twcc"
	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"

	"podium/internal/pionlog"
	"podium/internal/reports"
)

// resendPackets is how many sent packets are kept for the NACK responder: 256
// are about 1.3 s of 1.5 Mbit/s.
const resendPackets = 256

// The two codecs that are sent, and so the only ones that are offered: a server
// files the track under the first codec of an offer, whatever then arrives.
var (
	opus = webrtc.RTPCodecCapability{
		MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2,
		SDPFmtpLine:  "minptime=10;useinbandfec=1",
		RTCPFeedback: []webrtc.RTCPFeedback{{Type: webrtc.TypeRTCPFBTransportCC}},
	}
	h264 = webrtc.RTPCodecCapability{
		MimeType: webrtc.MimeTypeH264, ClockRate: 90000,
		SDPFmtpLine: "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f",
		RTCPFeedback: []webrtc.RTCPFeedback{
			{Type: webrtc.TypeRTCPFBNACK}, {Type: webrtc.TypeRTCPFBNACK, Parameter: "pli"},
			{Type: webrtc.TypeRTCPFBCCM, Parameter: "fir"},
			{Type: webrtc.TypeRTCPFBTransportCC},
		},
	}
	h264Resent = webrtc.RTPCodecCapability{
		MimeType: webrtc.MimeTypeRTX, ClockRate: 90000, SDPFmtpLine: "apt=102",
	}
)

func codecOf(kind webrtc.RTPCodecType) webrtc.RTPCodecCapability {
	if kind == webrtc.RTPCodecTypeVideo {
		return h264
	}
	return opus
}

func mediaEngine() (*webrtc.MediaEngine, error) {
	media := &webrtc.MediaEngine{}
	for _, codec := range []struct {
		what webrtc.RTPCodecCapability
		pt   webrtc.PayloadType
		kind webrtc.RTPCodecType
	}{
		{opus, 111, webrtc.RTPCodecTypeAudio},
		{h264, 102, webrtc.RTPCodecTypeVideo},
		{h264Resent, 103, webrtc.RTPCodecTypeVideo},
	} {
		params := webrtc.RTPCodecParameters{RTPCodecCapability: codec.what, PayloadType: codec.pt}
		if err := media.RegisterCodec(params, codec.kind); err != nil {
			return nil, err
		}
	}
	for _, kind := range []webrtc.RTPCodecType{webrtc.RTPCodecTypeAudio, webrtc.RTPCodecTypeVideo} {
		if err := media.RegisterHeaderExtension(webrtc.RTPHeaderExtensionCapability{URI: sdp.TransportCCURI}, kind); err != nil {
			return nil, err
		}
	}
	return media, nil
}

// chain is what a packet goes through, from the wire backwards: the gate is the
// last thing that it meets. What is sent again is numbered anew for the estimate of the
// connection, and passes the gate like everything else.
func chain(g *gate, tracks []*track, logs pionlog.Factory) (*interceptor.Registry, *estimator, error) {
	estimating, estimate, err := newEstimating(logs)
	if err != nil {
		return nil, nil, err
	}
	numbering, err := twcc.NewHeaderExtensionInterceptor()
	if err != nil {
		return nil, nil, err
	}
	resending, err := nack.NewResponderInterceptor(
		nack.ResponderSize(resendPackets), nack.WithResponderLoggerFactory(logs))
	if err != nil {
		return nil, nil, err
	}
	reporting := reports.Sender{Clock: clockOf(tracks), Eager: true}
	registry := &interceptor.Registry{}
	for _, link := range []interceptor.Factory{g, estimating, numbering, resending, reporting} {
		registry.Add(link)
	}
	return registry, estimate, nil
}

// clockOf finds the clock of a stream among the tracks, of which there is one of a kind.
// Reports by it tell when things were captured, so that a viewer can put sound and
// picture together although sound leaves later.
func clockOf(tracks []*track) func(*interceptor.StreamInfo) reports.Clock {
	return func(info *interceptor.StreamInfo) reports.Clock {
		for _, t := range tracks {
			if t.Codec().MimeType == info.MimeType {
				return t.clock
			}
		}
		return func(time.Time) (uint32, bool) { return 0, false }
	}
}
