package lipsync

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"
	"github.com/pion/webrtc/v4/pkg/media"

	"podium/capture"
	"podium/publish"
	"podium/stage"
	"podium/stage/room"
)

// witness has the test devices, and knows when each of their samples was captured.
type witness struct {
	mu sync.Mutex
	at map[string]time.Time // by the end of the sample
}

// ending is enough of a sample to know it again: of a picture the last packet has it.
func ending(data []byte) string { return string(data[max(0, len(data)-24):]) }

func (w *witness) saw(s media.Sample, err error) (media.Sample, error) {
	if err == nil {
		w.mu.Lock()
		w.at[ending(s.Data)] = s.Timestamp
		w.mu.Unlock()
	}
	return s, err
}

func (w *witness) captured(payload []byte) (time.Time, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	at, ok := w.at[ending(payload)]
	return at, ok
}

type video struct {
	*capture.Video
	witness *witness
}

func (v video) ReadSample() (media.Sample, error) { return v.witness.saw(v.Video.ReadSample()) }

// Info tells the bit rate that the encoder was made for.
func (v video) Info() publish.Info { return publish.Info{BitRate: v.Video.Info().BitRate} }

type audio struct {
	*capture.Audio
	witness *witness
}

func (a audio) ReadSample() (media.Sample, error) { return a.witness.saw(a.Audio.ReadSample()) }

// Info hides the source's own, which is of another kind.
func (a audio) Info() publish.Info { return publish.Info{} }

// OpenVideo implements publish.Devices.
func (w *witness) OpenVideo() (publish.VideoSource, error) {
	v, err := capture.OpenVideo(capture.VideoConfig{Device: capture.TestDevice, Width: 640, Height: 360, FrameRate: 30, BitRate: 600_000})
	if err != nil {
		return nil, err
	}
	return video{v, w}, nil
}

// OpenAudio implements publish.Devices.
func (w *witness) OpenAudio() (publish.Source, error) {
	a, err := capture.OpenAudio(capture.AudioConfig{Device: capture.TestDevice})
	if err != nil {
		return nil, err
	}
	return audio{a, w}, nil
}

// hall is a media room with one speaker.
type hall struct {
	t       *testing.T
	room    *room.Room
	web     *httptest.Server
	speaker *publish.Publisher
	witness *witness
}

func newHall(t *testing.T) *hall {
	t.Helper()
	h := &hall{t: t, witness: &witness{at: map[string]time.Time{}}}
	var err error
	if h.room, err = room.New(room.Config{Listen: "127.0.0.1:0"}); err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/v1/whip/", h.room.WHIP())
	mux.Handle("/v1/whep/", h.room.WHEP())
	h.web = httptest.NewServer(mux)
	if h.speaker, err = publish.New(publish.Config{Devices: h.witness, IncludeLoopback: true}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		h.speaker.Shutdown()
		h.web.Close()
		_ = h.room.Close()
	})
	return h
}

// turn puts the speaker on the air.
func (h *hall) turn(number uint64) {
	h.t.Helper()
	admitted, err := h.room.Admit(stage.Turn{Meeting: "hall", UserID: "ada", Number: number, Media: []stage.Media{stage.Audio, stage.Video}})
	if err != nil {
		h.t.Fatal(err)
	}
	h.speaker.Open(publish.Place{URL: h.web.URL + "/v1/whip/hall", Token: admitted.Token, Audio: true, Video: true}, time.Now().Add(time.Hour))
}

// loopback makes a viewer's connection.
func loopback(t *testing.T) *webrtc.PeerConnection {
	t.Helper()
	settings := webrtc.SettingEngine{}
	settings.SetIncludeLoopbackCandidate(true)
	pc, err := webrtc.NewAPI(webrtc.WithSettingEngine(settings)).NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = pc.GracefulClose() })
	return pc
}
