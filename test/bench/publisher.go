package main

import (
	"context"
	"sync"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"podium/stage"
	"podium/test/rig"
)

// publisher sends 1.5 Mbit/s of what need not be a picture, and sound, until closed.
type publisher struct {
	pc      *webrtc.PeerConnection
	over    chan struct{}
	sending sync.WaitGroup
}

func publish(ctx context.Context, place *stage.Place) (p *publisher, err error) {
	settings := webrtc.SettingEngine{}
	settings.SetIncludeLoopbackCandidate(true)
	pc, err := webrtc.NewAPI(webrtc.WithSettingEngine(settings)).NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		return nil, err
	}
	p = &publisher{pc: pc, over: make(chan struct{})}
	defer func() {
		if err != nil {
			p.close()
		}
	}()
	video := webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeH264, ClockRate: 90000, SDPFmtpLine: "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f"}
	audio := webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2}
	for _, f := range []flow{{video, "video", 1200, 6400 * time.Microsecond}, {audio, "audio", 120, 20 * time.Millisecond}} {
		if err := p.add(f); err != nil {
			return p, err
		}
	}
	offer, err := pc.CreateOffer(nil)
	if err == nil {
		err = pc.SetLocalDescription(offer)
	}
	if err != nil {
		return p, err
	}
	answer, err := rig.Exchange(ctx, place.URL, place.Token, offer.SDP)
	if err != nil {
		return p, err
	}
	return p, pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer})
}

// flow is one stream of packets of one size.
type flow struct {
	codec webrtc.RTPCodecCapability
	id    string
	size  int
	every time.Duration
}

func (p *publisher) add(f flow) error {
	track, err := webrtc.NewTrackLocalStaticRTP(f.codec, f.id, "bench")
	if err != nil {
		return err
	}
	if _, err := p.pc.AddTransceiverFromTrack(track, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly}); err != nil {
		return err
	}
	p.sending.Go(func() {
		tick := time.NewTicker(f.every)
		defer tick.Stop()
		payload := make([]byte, f.size)
		payload[0] = 0x65 // a slice of a keyframe
		for n := uint32(0); ; n++ {
			select {
			case <-p.over:
				return
			case <-tick.C:
				stamp := uint32(f.every.Seconds() * float64(f.codec.ClockRate) * float64(n))
				_ = track.WriteRTP(&rtp.Packet{Header: rtp.Header{Version: 2, SequenceNumber: uint16(n), Timestamp: stamp}, Payload: payload})
			}
		}
	})
	return nil
}

func (p *publisher) close() {
	close(p.over)
	p.sending.Wait()
	_ = p.pc.GracefulClose()
}
