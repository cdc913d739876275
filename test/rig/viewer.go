package rig

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/pion/webrtc/v4"
)

// Viewer is a WHEP viewer that counts packets and looks at none.
type Viewer struct {
	pc      *webrtc.PeerConnection
	last    atomic.Int64 // when the latest came, Unix time in ns
	packets atomic.Int64
}

// Watch subscribes to what WHEP gives at url. The caller ends it with Close.
func Watch(ctx context.Context, url, token string) (*Viewer, error) {
	settings := webrtc.SettingEngine{}
	settings.SetIncludeLoopbackCandidate(true)
	return watch(ctx, url, token, settings)
}

func watch(ctx context.Context, url, token string, settings webrtc.SettingEngine) (*Viewer, error) {
	pc, err := webrtc.NewAPI(webrtc.WithSettingEngine(settings)).NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		return nil, err
	}
	v := &Viewer{pc: pc}
	pc.OnTrack(v.read)
	if err := v.subscribe(ctx, url, token); err != nil {
		v.Close()
		return nil, err
	}
	return v, nil
}

// Last is when the latest packet came.
func (v *Viewer) Last() time.Time { return time.Unix(0, v.last.Load()) }

// Packets counts those that came.
func (v *Viewer) Packets() int64 { return v.packets.Load() }

// Close ends the connection and waits for its end.
func (v *Viewer) Close() { _ = v.pc.GracefulClose() }

func (v *Viewer) read(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
	for {
		if _, _, err := track.ReadRTP(); err != nil {
			return
		}
		v.last.Store(time.Now().UnixNano())
		v.packets.Add(1)
	}
}

func (v *Viewer) subscribe(ctx context.Context, url, token string) error {
	for _, kind := range []webrtc.RTPCodecType{webrtc.RTPCodecTypeVideo, webrtc.RTPCodecTypeAudio} {
		direction := webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly}
		if _, err := v.pc.AddTransceiverFromKind(kind, direction); err != nil {
			return err
		}
	}
	offer, err := v.pc.CreateOffer(nil)
	if err != nil {
		return err
	}
	gathered := webrtc.GatheringCompletePromise(v.pc)
	if err := v.pc.SetLocalDescription(offer); err != nil {
		return err
	}
	<-gathered
	answer, err := whep(ctx, url, token, v.pc.LocalDescription().SDP)
	if err != nil {
		return err
	}
	return v.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer})
}

func whep(ctx context.Context, url, token, offer string) (string, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewBufferString(offer))
	if err != nil {
		return "", err
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/sdp")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return "", err
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return "", err
	}
	if response.StatusCode != http.StatusCreated {
		return "", fmt.Errorf("WHEP at %s answered %d: %s", url, response.StatusCode, body)
	}
	return string(body), nil
}
