package service

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"podium/appliance"
	"podium/capture"
	"podium/config"
	"podium/control"
	"podium/internal/fingerprint"
	"podium/internal/trust"
	"podium/stage"
	"podium/stage/client"
	"podium/stage/server"
)

// transcript is a log that is read while it is written.
type transcript struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *transcript) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *transcript) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// secure is a stage with a self-made certificate, and one podium.
type secure struct {
	t      *testing.T
	config config.Stage
	log    *transcript // of both, with everything in it
	tokens map[string]string
	panel  *control.Client

	mu     sync.Mutex
	seen   []string // METHOD PATH, of requests by TLS
	plain  int      // requests without TLS
	bearer []string
}

func newSecure(t *testing.T) *secure {
	dir := t.TempDir()
	key := make([]byte, 32)
	_, _ = rand.Read(key)
	s := &secure{t: t, config: config.DefaultStage(), log: &transcript{}, tokens: map[string]string{}}
	s.config.Listen, s.config.MediaListen = freePort(t), "127.0.0.1:0"
	s.config.Lease, s.config.Store = time.Second, filepath.Join(dir, "stage.db")
	s.config.Key = []byte(base64.StdEncoding.EncodeToString(key))
	s.config.TLS = config.TLS{SelfSigned: true, CertFile: filepath.Join(dir, "stage.tls.crt"), KeyFile: filepath.Join(dir, "stage.tls.key")}
	for _, preset := range []string{"host", "podium"} {
		token, err := server.NewToken(s.config.Key, server.TokenRequest{Meeting: demoMeeting, UserID: preset, Preset: stage.Presets[preset], TTL: time.Hour}, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		s.tokens[preset] = token
	}
	return s
}

func freePort(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func (s *secure) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

func (s *secure) url() string { return "https://" + s.config.Listen }

// runStage runs the stage until stop, or the test's end.
func (s *secure) runStage() (stop func()) {
	s.t.Helper()
	h, err := openHall(s.config, nil, "test", s.logger())
	if err != nil {
		s.t.Fatal(err)
	}
	inner := h.http.Handler
	h.http.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.note(r)
		inner.ServeHTTP(w, r)
	})
	return s.background(h.run)
}

func (s *secure) note(r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.TLS == nil {
		s.plain++
	}
	s.seen = append(s.seen, r.Method+" "+r.URL.Path)
	if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		s.bearer = append(s.bearer, token)
	}
}

func (s *secure) requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.seen)
}

func (s *secure) background(run func(context.Context) error) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			s.t.Errorf("ended with %v", err)
		}
	})
	s.t.Cleanup(stop)
	return stop
}

// runPodium runs a podium that pins want; the zero fingerprint: nothing.
func (s *secure) runPodium(want fingerprint.Key) (stop func()) {
	s.t.Helper()
	path := filepath.Join(s.t.TempDir(), "podium.sock")
	socket, err := control.Listen(path)
	if err != nil {
		s.t.Fatal(err)
	}
	pin, err := trust.NewPin(s.url(), want)
	if err != nil {
		s.t.Fatal(err)
	}
	u, err := newUnit(unitConfig{
		server: s.url(), pin: pin, token: func() (string, error) { return s.tokens["podium"], nil },
		front: noFront{}, socket: socket, loopback: true, log: s.logger(),
		camera:     &capture.VideoConfig{Device: capture.TestDevice, Width: 320, Height: 180, FrameRate: 10, BitRate: 200_000, Log: s.logger()},
		microphone: &capture.AudioConfig{Device: capture.TestDevice, Log: s.logger()},
	})
	if err != nil {
		s.t.Fatal(err)
	}
	s.panel = control.Dial(path)
	return s.background(u.run)
}

// pinned is the fingerprint of the stage's key.
func (s *secure) pinned() fingerprint.Key {
	s.t.Helper()
	f, err := trust.Open(s.config.TLS.CertFile, s.config.TLS.KeyFile, slog.New(slog.DiscardHandler))
	if err != nil {
		s.t.Fatal(err)
	}
	return f.Fingerprint()
}

func (s *secure) until(what string, is func(appliance.Status) bool) appliance.Status {
	s.t.Helper()
	return until(s.t, s.panel, what, is)
}

// ask presses and has the host grant.
func (s *secure) ask() {
	s.t.Helper()
	s.until("connected", func(p appliance.Status) bool { return p.Connected })
	if err := s.panel.Press(s.t.Context(), control.Press{Button: appliance.ButtonRequest}); err != nil {
		s.t.Fatal(err)
	}
	s.until("requested", func(p appliance.Status) bool { return p.Status == stage.Requested })
	pin, err := trust.NewPin(s.url(), s.pinned())
	if err != nil {
		s.t.Fatal(err)
	}
	host, err := client.NewREST(s.url(), s.tokens["host"])
	if err != nil {
		s.t.Fatal(err)
	}
	host.Use(pin.Client())
	results, err := host.Decide(s.t.Context(), stage.GrantAccess, stage.Targets{UserIDs: []string{"podium"}})
	if err != nil || len(results) != 1 || !results[0].OK {
		s.t.Fatalf("%+v, %v", results, err)
	}
}

// fault gives what is wrong with a part; empty: nothing.
func fault(p appliance.Status, part string) string {
	for _, f := range p.Faults {
		if f.Part == part {
			return f.Text
		}
	}
	return ""
}
