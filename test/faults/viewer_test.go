//go:build faults

package faults

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/logging"
	"github.com/pion/webrtc/v4"
)

// viewer is a WHEP viewer beside the stage. It notes when each packet of sound and
// picture came, over all its connections.
type viewer struct {
	inside *namespace
	url    string
	token  string

	mu       sync.Mutex
	pc       *webrtc.PeerConnection
	socket   net.PacketConn
	sound    []time.Time
	pictures int
}

// watch subscribes, anew where it was subscribed already.
func (v *viewer) watch(ctx context.Context) error {
	v.close()
	socket, err := v.inside.listenUDP(stageIP)
	if err != nil {
		return err
	}
	settings := webrtc.SettingEngine{}
	logs := logging.NewDefaultLoggerFactory()
	logs.DefaultLogLevel = logging.LogLevelDisabled // a stage that is killed is no news here
	settings.LoggerFactory = logs
	settings.SetICEUDPMux(webrtc.NewICEUDPMux(logs.NewLogger("viewer"), socket))
	settings.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	settings.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
	pc, err := webrtc.NewAPI(webrtc.WithSettingEngine(settings)).NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		return err
	}
	v.mu.Lock()
	v.pc, v.socket = pc, socket
	v.mu.Unlock()
	pc.OnTrack(func(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) { v.read(track) })
	for _, kind := range []webrtc.RTPCodecType{webrtc.RTPCodecTypeAudio, webrtc.RTPCodecTypeVideo} {
		init := webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly}
		if _, err := pc.AddTransceiverFromKind(kind, init); err != nil {
			return err
		}
	}
	return v.negotiate(ctx, pc)
}

func (v *viewer) negotiate(ctx context.Context, pc *webrtc.PeerConnection) error {
	offer, err := pc.CreateOffer(nil)
	if err != nil {
		return err
	}
	gathered := webrtc.GatheringCompletePromise(pc)
	if err := pc.SetLocalDescription(offer); err != nil {
		return err
	}
	<-gathered
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, v.url, bytes.NewBufferString(pc.LocalDescription().SDP))
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+v.token)
	r.Header.Set("Content-Type", "application/sdp")
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusCreated {
		return fmt.Errorf("WHEP answered %d %s, %w", response.StatusCode, answer, err)
	}
	return pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: string(answer)})
}

func (v *viewer) read(track *webrtc.TrackRemote) {
	for {
		if _, _, err := track.ReadRTP(); err != nil {
			return
		}
		now := time.Now()
		v.mu.Lock()
		if track.Kind() == webrtc.RTPCodecTypeAudio {
			v.sound = append(v.sound, now)
		} else {
			v.pictures++
		}
		v.mu.Unlock()
	}
}

// heard gives when sound came, since a moment.
func (v *viewer) heard(since time.Time) []time.Time {
	v.mu.Lock()
	defer v.mu.Unlock()
	first, _ := slices.BinarySearchFunc(v.sound, since, time.Time.Compare)
	return slices.Clone(v.sound[first:])
}

func (v *viewer) close() {
	v.mu.Lock()
	pc, socket := v.pc, v.socket
	v.pc, v.socket = nil, nil
	v.mu.Unlock()
	if pc != nil {
		_ = pc.GracefulClose()
		_ = socket.Close()
	}
}
