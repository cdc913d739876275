package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/pion/webrtc/v4"

	"podium/stage"
)

// viewer is a WHEP viewer that notes when the last packet came.
type viewer struct {
	pc   *webrtc.PeerConnection
	last atomic.Int64 // Unix time in ns
}

func watch(ctx context.Context, s *system) (*viewer, error) {
	settings := webrtc.SettingEngine{}
	settings.SetIncludeLoopbackCandidate(true)
	pc, err := webrtc.NewAPI(webrtc.WithSettingEngine(settings)).NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		return nil, err
	}
	v := &viewer{pc: pc}
	pc.OnTrack(func(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
		for {
			if _, _, err := track.ReadRTP(); err != nil {
				return
			}
			v.last.Store(time.Now().UnixNano())
		}
	})
	for _, kind := range []webrtc.RTPCodecType{webrtc.RTPCodecTypeVideo, webrtc.RTPCodecTypeAudio} {
		if _, err := pc.AddTransceiverFromKind(kind, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly}); err != nil {
			return v, err
		}
	}
	offer, err := pc.CreateOffer(nil)
	if err != nil {
		return v, err
	}
	gathered := webrtc.GatheringCompletePromise(pc)
	if err := pc.SetLocalDescription(offer); err != nil {
		return v, err
	}
	<-gathered
	answer, err := s.whep(ctx, pc.LocalDescription().SDP)
	if err != nil {
		return v, err
	}
	return v, pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer})
}

func (s *system) whep(ctx context.Context, offer string) (string, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.address+"/v1/whep/demo/"+podiumID, bytes.NewBufferString(offer))
	if err != nil {
		return "", err
	}
	r.Header.Set("Authorization", "Bearer "+s.viewerToken)
	r.Header.Set("Content-Type", "application/sdp")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return "", err
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusCreated {
		return "", fmt.Errorf("WHEP answered %d %s, %w", response.StatusCode, body, err)
	}
	return string(body), nil
}

// kickToLastPacket measures from a host's kick to the last RTP packet at a
// viewer; a viewer that hears nothing after the kick counts as 0.
func kickToLastPacket(ctx context.Context, b *bench) ([]figure, error) {
	s, err := start(ctx, b.binary)
	if err != nil {
		return nil, err
	}
	defer s.stop()
	v, err := watch(ctx, s)
	if v != nil {
		defer func() { _ = v.pc.Close() }()
	}
	if err != nil {
		return nil, err
	}
	var times []time.Duration
	for range b.turns {
		if err := s.goOnAir(ctx); err != nil {
			return nil, err
		}
		time.Sleep(500 * time.Millisecond) // media flows
		kicked := time.Now()
		if err := s.decide(ctx, stage.Kick); err != nil {
			return nil, err
		}
		time.Sleep(300 * time.Millisecond) // what still came has come
		times = append(times, max(0, time.Duration(v.last.Load()-kicked.UnixNano())))
		if err := s.status(ctx, stage.OffStage); err != nil {
			return nil, err
		}
	}
	return []figure{{
		"kick to last RTP", spread(times), "under 20 ms p99",
		"from the host's call to the last packet at a Pion viewer, demo on loopback",
	}}, nil
}
