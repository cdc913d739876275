package room

import (
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/interceptor/pkg/nack"
	"github.com/pion/interceptor/pkg/report"
	"github.com/pion/interceptor/pkg/twcc"
	"github.com/pion/logging"
	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"

	"podium/internal/reports"
)

// resendPackets is how many sent packets are kept per viewer for NACK: 256 is
// about 1.3 s of 1.5 Mbit/s, at a fifth of the memory of Pion's 1024.
const resendPackets = 256

// The two codecs of the house. They are fixed, so that a viewer's tracks can be
// made before anybody publishes.
var (
	opus = webrtc.RTPCodecCapability{
		MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2,
		SDPFmtpLine: "minptime=10;useinbandfec=1",
	}
	h264 = webrtc.RTPCodecCapability{
		MimeType: webrtc.MimeTypeH264, ClockRate: 90000,
		SDPFmtpLine: "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f",
	}
	h264Resent = webrtc.RTPCodecCapability{
		MimeType: webrtc.MimeTypeRTX, ClockRate: 90000, SDPFmtpLine: "apt=102",
	}
	videoFeedback = []webrtc.RTCPFeedback{
		{Type: webrtc.TypeRTCPFBNACK}, {Type: webrtc.TypeRTCPFBNACK, Parameter: "pli"},
		{Type: webrtc.TypeRTCPFBCCM, Parameter: "fir"},
	}
)

// silence is how long a peer may be quiet until ICE calls it disconnected.
type silence struct{ disconnected, failed, look time.Duration }

// settings are those of every PeerConnection: one port, ICE-lite, no mDNS.
// A lite agent never sends checks, so a Pion client nominates only at its next
// 200 ms tick, unless something like a further remote candidate wakes its agent.
func settings(p *port, logs logging.LoggerFactory, quiet silence) webrtc.SettingEngine {
	s := webrtc.SettingEngine{LoggerFactory: logs}
	s.SetICEUDPMux(p)
	s.SetLite(true)
	s.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	s.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4, webrtc.NetworkTypeUDP6})
	s.SetIncludeLoopbackCandidate(true)
	s.SetICETimeouts(quiet.disconnected, quiet.failed, quiet.look)
	return s
}

const (
	// askBack is how many packets back a publisher is asked for a lost one. SRTP has to
	// take packets that are as old: its own window of 64 (RFC 3711, section 3.3.2, has
	// that as the least) throws away what comes back later than after half a second, the
	// publisher is asked again, and counts its answers as lost on the way.
	askBack = 256
	// askTimes is how often it is asked, every 100 ms.
	askTimes = 10
)

// publisherAPI makes the connections of publishers. It does not negotiate RTX:
// Pion's NACK generator does not see packets that come back over RTX and would
// go on asking for them.
func publisherAPI(s webrtc.SettingEngine, logs logging.LoggerFactory) (*webrtc.API, error) {
	feedback := webrtc.RTCPFeedback{Type: webrtc.TypeRTCPFBTransportCC}
	media := &webrtc.MediaEngine{}
	if err := register(media, []webrtc.RTCPFeedback{feedback}, append(videoFeedback[:3:3], feedback)); err != nil {
		return nil, err
	}
	for _, kind := range []webrtc.RTPCodecType{webrtc.RTPCodecTypeAudio, webrtc.RTPCodecTypeVideo} {
		ext := webrtc.RTPHeaderExtensionCapability{URI: sdp.TransportCCURI}
		if err := media.RegisterHeaderExtension(ext, kind); err != nil {
			return nil, err
		}
	}
	s.SetSRTPReplayProtectionWindow(askBack)
	asking, err := nack.NewGeneratorInterceptor(nack.GeneratorSize(askBack), nack.GeneratorMaxNacksPerPacket(askTimes),
		nack.WithGeneratorLoggerFactory(logs))
	if err != nil {
		return nil, err
	}
	reports, err := report.NewReceiverInterceptor(report.WithReceiverLoggerFactory(logs))
	if err != nil {
		return nil, err
	}
	arrivals, err := twcc.NewSenderInterceptor(twcc.WithLoggerFactory(logs))
	if err != nil {
		return nil, err
	}
	return assemble(s, media, asking, reports, arrivals), nil
}

// viewerAPI makes the connections of one slot's viewers. The gate comes first,
// which is nearest to the wire: it must see what the NACK responder resends.
func viewerAPI(s webrtc.SettingEngine, logs logging.LoggerFactory, gate gateFactory) (*webrtc.API, error) {
	media := &webrtc.MediaEngine{}
	if err := register(media, nil, videoFeedback); err != nil {
		return nil, err
	}
	resent := webrtc.RTPCodecParameters{RTPCodecCapability: h264Resent, PayloadType: 103}
	if err := media.RegisterCodec(resent, webrtc.RTPCodecTypeVideo); err != nil {
		return nil, err
	}
	resending, err := nack.NewResponderInterceptor(
		nack.ResponderSize(resendPackets), nack.WithResponderLoggerFactory(logs))
	if err != nil {
		return nil, err
	}
	return assemble(s, media, gate, resending, reporting(gate.slot)), nil
}

// reporting writes the reports to a slot's viewers, by which they put sound and picture
// together.
func reporting(s *slot) reports.Sender {
	return reports.Sender{Clock: func(info *interceptor.StreamInfo) reports.Clock { return s.laneOf(info).clock }}
}

func register(media *webrtc.MediaEngine, audio, video []webrtc.RTCPFeedback) error {
	sound := webrtc.RTPCodecParameters{RTPCodecCapability: opus, PayloadType: 111}
	sound.RTCPFeedback = audio
	if err := media.RegisterCodec(sound, webrtc.RTPCodecTypeAudio); err != nil {
		return err
	}
	picture := webrtc.RTPCodecParameters{RTPCodecCapability: h264, PayloadType: 102}
	picture.RTCPFeedback = video
	return media.RegisterCodec(picture, webrtc.RTPCodecTypeVideo)
}

func assemble(s webrtc.SettingEngine, media *webrtc.MediaEngine, chain ...interceptor.Factory) *webrtc.API {
	registry := &interceptor.Registry{}
	for _, link := range chain {
		registry.Add(link)
	}
	return webrtc.NewAPI(webrtc.WithSettingEngine(s), webrtc.WithMediaEngine(media),
		webrtc.WithInterceptorRegistry(registry))
}
