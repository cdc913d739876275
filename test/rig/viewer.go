package rig

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/webrtc/v4"
)

// Viewer is a WHEP viewer that notes when packets come and looks at none.
type Viewer struct {
	pc      *webrtc.PeerConnection
	last    atomic.Int64 // when the latest came, Unix time in ns
	packets atomic.Int64
	first   chan struct{} // closed when one came
	once    sync.Once
}

// Watch subscribes to what WHEP gives at url. A relay on the way is told by a lane; nil:
// there is none. The caller ends it with Close.
func Watch(ctx context.Context, url, token string, lane *Lane) (*Viewer, error) {
	settings := webrtc.SettingEngine{}
	settings.SetIncludeLoopbackCandidate(true)
	return watch(ctx, url, token, lane, settings)
}

func watch(ctx context.Context, url, token string, lane *Lane, settings webrtc.SettingEngine) (*Viewer, error) {
	pc, err := webrtc.NewAPI(webrtc.WithSettingEngine(settings)).NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		return nil, err
	}
	v := &Viewer{pc: pc, first: make(chan struct{})}
	pc.OnTrack(v.read)
	if err := v.subscribe(ctx, url, token, lane); err != nil {
		v.Close()
		return nil, err
	}
	return v, nil
}

// Last is when the latest packet came.
func (v *Viewer) Last() time.Time { return time.Unix(0, v.last.Load()) }

// Packets counts those that came.
func (v *Viewer) Packets() int64 { return v.packets.Load() }

// Await waits for the first packet.
func (v *Viewer) Await(ctx context.Context) error {
	select {
	case <-v.first:
		return nil
	case <-time.After(patience):
		return fmt.Errorf("no packet came to a viewer within %s; the connection is %s", patience, v.pc.ConnectionState())
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Close ends the connection and waits for its end.
func (v *Viewer) Close() { _ = v.pc.GracefulClose() }

func (v *Viewer) read(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
	for {
		if _, _, err := track.ReadRTP(); err != nil {
			return
		}
		v.last.Store(time.Now().UnixNano())
		v.packets.Add(1)
		v.once.Do(func() { close(v.first) })
	}
}

func (v *Viewer) subscribe(ctx context.Context, url, token string, lane *Lane) error {
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
	if lane != nil {
		_, rest, _ := strings.Cut(v.pc.LocalDescription().SDP, "a=ice-ufrag:")
		ufrag, _, _ := strings.Cut(rest, "\r\n")
		lane.Expect(ufrag)
	}
	answer, err := Exchange(ctx, url, token, v.pc.LocalDescription().SDP)
	if err != nil {
		return err
	}
	return v.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer})
}

// Exchange posts an offer by WHIP or WHEP and gives the answer.
func Exchange(ctx context.Context, url, token, offer string) (string, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewBufferString(offer))
	if err != nil {
		return "", err
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/sdp")
	r.Close = true // what is kept alive is counted at the server
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
		return "", fmt.Errorf("%s answered %d: %s", url, response.StatusCode, body)
	}
	return string(body), nil
}
