package publish

import (
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/interceptor/pkg/nack"
	"github.com/pion/interceptor/pkg/twcc"
	"github.com/pion/webrtc/v4"

	"podium/internal/formats"
	"podium/internal/pionlog"
	"podium/internal/reports"
)

// resendPackets is how many sent packets are kept for the NACK responder: 256
// are about 1.3 s of 1.5 Mbit/s.
const resendPackets = 256

func codecOf(kind webrtc.RTPCodecType) webrtc.RTPCodecCapability {
	if kind == webrtc.RTPCodecTypeVideo {
		return formats.H264
	}
	return formats.Opus
}

func mediaEngine() (*webrtc.MediaEngine, error) {
	media := &webrtc.MediaEngine{}
	if err := formats.Register(media, true); err != nil {
		return nil, err
	}
	return media, formats.RegisterResent(media)
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
