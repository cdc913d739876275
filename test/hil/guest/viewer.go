package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"path/filepath"
	"sync"
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
	"github.com/pion/webrtc/v4/pkg/media/h264writer"
	"github.com/pion/webrtc/v4/pkg/media/oggwriter"

	"podium/test/hil/guestapi"
)

// viewers are the WHEP viewers by name.
type viewers struct {
	mu    sync.Mutex
	named map[string]*viewer
}

// viewer is one who watches through WHEP and keeps what comes on disk.
type viewer struct {
	clock clock
	view  guestapi.View
	conn  *webrtc.PeerConnection

	mu      sync.Mutex
	refused string
	tracks  map[string]guestapi.Track
	writers []io.Closer
}

// View subscribes. A refusal by the server is not an error: it is in the
// viewer's state, for the test to judge.
func (g *Guest) View(view guestapi.View, state *guestapi.Viewer) error {
	v := &viewer{clock: g.clock, view: view, tracks: map[string]guestapi.Track{}}
	if err := v.subscribe(); err != nil {
		return fmt.Errorf("cannot view %s: %w", view.URL, err)
	}
	g.viewers.mu.Lock()
	defer g.viewers.mu.Unlock()
	if g.viewers.named == nil {
		g.viewers.named = map[string]*viewer{}
	}
	g.viewers.named[view.Name] = v
	*state = v.state()
	return nil
}

// Viewer tells what a viewer has received.
func (g *Guest) Viewer(name string, state *guestapi.Viewer) error {
	v, err := g.viewers.find(name)
	if err == nil {
		*state = v.state()
	}
	return err
}

// CloseViewer ends a viewer; its files are then complete.
func (g *Guest) CloseViewer(name string, state *guestapi.Viewer) error {
	v, err := g.viewers.find(name)
	if err != nil {
		return err
	}
	err = v.conn.Close()
	v.closeWriters()
	*state = v.state()
	return err
}

func (vs *viewers) find(name string) (*viewer, error) {
	vs.mu.Lock()
	defer vs.mu.Unlock()
	v := vs.named[name]
	if v == nil {
		return nil, fmt.Errorf("no viewer is called %q", name)
	}
	return v, nil
}

func (v *viewer) state() guestapi.Viewer {
	v.mu.Lock()
	defer v.mu.Unlock()
	return guestapi.Viewer{State: v.conn.ConnectionState().String(), Refused: v.refused, Tracks: maps.Clone(v.tracks)}
}

func (v *viewer) subscribe() error {
	conn, err := newReceiver()
	if err != nil {
		return err
	}
	v.conn = conn
	conn.OnTrack(v.receive)
	for _, kind := range []webrtc.RTPCodecType{webrtc.RTPCodecTypeVideo, webrtc.RTPCodecTypeAudio} {
		init := webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly}
		if _, err := conn.AddTransceiverFromKind(kind, init); err != nil {
			return err
		}
	}
	offer, err := conn.CreateOffer(nil)
	if err != nil {
		return err
	}
	gathered := webrtc.GatheringCompletePromise(conn)
	if err := conn.SetLocalDescription(offer); err != nil {
		return err
	}
	<-gathered
	answer, err := v.post(conn.LocalDescription().SDP)
	if err != nil || answer == "" {
		return err
	}
	return conn.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer})
}

// newReceiver makes a connection for a machine that has only the loopback.
func newReceiver() (*webrtc.PeerConnection, error) {
	media := &webrtc.MediaEngine{}
	if err := media.RegisterDefaultCodecs(); err != nil {
		return nil, err
	}
	settings := webrtc.SettingEngine{}
	settings.SetIncludeLoopbackCandidate(true)
	settings.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	api := webrtc.NewAPI(webrtc.WithMediaEngine(media), webrtc.WithSettingEngine(settings))
	return api.NewPeerConnection(webrtc.Configuration{})
}

// post offers; an empty answer means refused.
func (v *viewer) post(offer string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, v.view.URL, bytes.NewBufferString(offer))
	if err != nil {
		return "", err
	}
	request.Header.Set("Content-Type", "application/sdp")
	request.Header.Set("Authorization", "Bearer "+v.view.Token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil {
		return "", err
	}
	if response.StatusCode != http.StatusCreated {
		v.mu.Lock()
		v.refused = response.Status + ": " + string(body)
		v.mu.Unlock()
		return "", nil
	}
	return string(body), nil
}

// rtpWriter is a file that takes RTP packets apart.
type rtpWriter interface {
	WriteRTP(*rtp.Packet) error
	Close() error
}

func (v *viewer) receive(remote *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
	writer, err := v.openWriter(remote)
	if err != nil {
		fmt.Println("guest: cannot keep", remote.Codec().MimeType, err)
		return
	}
	for {
		packet, _, err := remote.ReadRTP()
		if err != nil {
			return // the connection ended
		}
		v.count(remote, packet)
		v.mu.Lock()
		err = writer.WriteRTP(packet)
		v.mu.Unlock()
		if err != nil {
			fmt.Println("guest: cannot keep", remote.Codec().MimeType, err)
			return
		}
	}
}

func (v *viewer) openWriter(remote *webrtc.TrackRemote) (writer rtpWriter, err error) {
	base := filepath.Join(v.view.Dir, v.view.Name)
	switch mime := remote.Codec().MimeType; mime {
	case webrtc.MimeTypeH264:
		writer, err = h264writer.New(base + ".h264")
	case webrtc.MimeTypeOpus:
		writer, err = oggwriter.New(base+".ogg", 48000, 2)
	default:
		err = fmt.Errorf("no file format is known for %s", mime)
	}
	if err == nil {
		v.mu.Lock()
		v.writers = append(v.writers, writer)
		v.mu.Unlock()
	}
	return writer, err
}

func (v *viewer) closeWriters() {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, w := range v.writers {
		if err := w.Close(); err != nil {
			fmt.Println("guest: cannot end a file:", err)
		}
	}
	v.writers = nil
}

func (v *viewer) count(remote *webrtc.TrackRemote, packet *rtp.Packet) {
	v.mu.Lock()
	defer v.mu.Unlock()
	kind, at := remote.Kind().String(), v.clock.now()
	t := v.tracks[kind]
	if t.Packets == 0 {
		t.First, t.Codec = at, remote.Codec().MimeType
	}
	t.Packets++
	t.Bytes += len(packet.Payload)
	t.Last = at
	v.tracks[kind] = t
}
