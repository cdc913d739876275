package room

import (
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/interceptor/pkg/nack"
	"github.com/pion/interceptor/pkg/report"
	"github.com/pion/interceptor/pkg/twcc"
	"github.com/pion/logging"
	"github.com/pion/webrtc/v4"

	"podium/internal/formats"
	"podium/internal/reports"
)

// resendPackets is how many sent packets are kept per viewer for NACK: 256 is
// about 1.3 s of 1.5 Mbit/s, at a fifth of the memory of Pion's 1024.
const resendPackets = 256

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
	s.SetSRTPReplayProtectionWindow(askBack)
	media := &webrtc.MediaEngine{}
	if err := formats.Register(media, true); err != nil {
		return nil, err
	}
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
	if err := formats.Register(media, false); err != nil {
		return nil, err
	}
	if err := formats.RegisterResent(media); err != nil {
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

func assemble(s webrtc.SettingEngine, media *webrtc.MediaEngine, chain ...interceptor.Factory) *webrtc.API {
	registry := &interceptor.Registry{}
	for _, link := range chain {
		registry.Add(link)
	}
	return webrtc.NewAPI(webrtc.WithSettingEngine(s), webrtc.WithMediaEngine(media),
		webrtc.WithInterceptorRegistry(registry))
}
