package service

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"podium/appliance"
	"podium/capture"
	"podium/control"
	"podium/stage"
	"podium/stage/client"
	"podium/stage/server"
)

// overheard are all secrets that came over the wire, by what they are.
type overheard struct {
	mu      sync.Mutex
	secrets map[string]string
}

func (o *overheard) add(secret, what string) {
	if o.mu.Lock(); len(secret) > 3 {
		o.secrets[secret] = what
	}
	o.mu.Unlock()
}

var icePassword = regexp.MustCompile(`a=ice-pwd:(\S+)`)

// wrap listens to what a server is asked and, but for WebSockets, answers.
func (o *overheard) wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, token, ok := strings.Cut(r.Header.Get("Authorization"), " "); ok {
			o.add(token, "Authorization of "+r.Method+" "+r.URL.Path)
		}
		for _, offered := range strings.Split(r.Header.Get("Sec-WebSocket-Protocol"), ",") {
			if token, ok := strings.CutPrefix(strings.TrimSpace(offered), "bearer."); ok {
				o.add(token, "subprotocol of "+r.URL.Path)
			}
		}
		if strings.HasPrefix(r.URL.Path, "/v1/wh") {
			body, _ := io.ReadAll(r.Body)
			o.addPasswords(body)
			r.Body = io.NopCloser(bytes.NewReader(body))
			w = &eavesdropper{w, o}
		}
		next.ServeHTTP(w, r)
	})
}

func (o *overheard) addPasswords(sdp []byte) {
	for _, match := range icePassword.FindAllSubmatch(sdp, -1) {
		o.add(string(match[1]), "ICE password")
	}
}

type eavesdropper struct {
	http.ResponseWriter
	heard *overheard
}

func (e *eavesdropper) Write(p []byte) (int, error) {
	e.heard.addPasswords(p)
	return e.ResponseWriter.Write(p)
}

// everything is below slog's debug: Pion's own tracing too.
const everything = slog.LevelDebug - 8

// scene is a hall and a podium in it whose every word is kept.
type scene struct {
	*testing.T
	heard      *overheard
	transcript *transcript
	hall       *hall
	server     string
	panel      *control.Client
	said       []string // what programs and people were shown
}

func (s *scene) token(user, preset string, ttl time.Duration) string {
	s.Helper()
	token, err := server.NewToken(hallKey, server.TokenRequest{Meeting: "hall", UserID: user, Preset: stage.Presets[preset], TTL: ttl}, time.Now())
	if err != nil {
		s.Fatal(err)
	}
	s.heard.add(token, "token of "+user)
	s.heard.add(token[strings.LastIndex(token, ".")+1:], "signature of the token of "+user)
	return token
}

func newScene(t *testing.T) *scene {
	t.Helper()
	s := &scene{T: t, heard: &overheard{secrets: map[string]string{
		string(hallKey): "the key", fmt.Sprint(hallKey): "the key in numbers", hex.EncodeToString(hallKey): "the key in hex",
		base64.StdEncoding.EncodeToString(hallKey): "the key in base64", base64.RawURLEncoding.EncodeToString(hallKey): "the key in base64url",
	}}, transcript: &transcript{}}
	t.Cleanup(s.search) // the last: hall and podium have ended, and logged that
	log := slog.New(slog.NewTextHandler(s.transcript, &slog.HandlerOptions{Level: everything}))
	s.hall = testHall(t, log, nil, s.heard.wrap)
	s.server = "http://" + s.hall.listener.Addr().String()
	socket, err := control.Listen(filepath.Join(t.TempDir(), "podium.sock"))
	if err != nil {
		t.Fatal(err)
	}
	token := s.token("podium-1", "podium", time.Hour)
	u, err := newUnit(unitConfig{
		server: s.server, token: func() (string, error) { return token, nil },
		front: noFront{}, socket: socket, loopback: true, log: log,
		camera:     &capture.VideoConfig{Device: capture.TestDevice, Width: 320, Height: 180, FrameRate: 10, BitRate: 200_000, Log: log},
		microphone: &capture.AudioConfig{Device: capture.TestDevice, Log: log},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- u.run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the podium ended with %v", err)
		}
	})
	s.panel = control.Dial(socket.Addr().String())
	return s
}

func (s *scene) until(what string, is func(appliance.Status) bool) {
	s.Helper()
	status := until(s.T, s.panel, what, is)
	s.show(status)
	trace, err := s.panel.Trace(s.Context())
	if err != nil {
		s.Fatal(err)
	}
	s.show(trace)
}

// show keeps what somebody was shown.
func (s *scene) show(v any) {
	text, err := json.Marshal(v)
	if err != nil {
		s.Fatal(err)
	}
	s.said = append(s.said, string(text), fmt.Sprintf("%+v", v))
}

// ask does one request and keeps the answer.
func (s *scene) ask(method, path, token, contentType, body string) int {
	s.Helper()
	r, err := http.NewRequestWithContext(s.Context(), method, s.server+path, strings.NewReader(body))
	if err != nil {
		s.Fatal(err)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	r.Header.Set("Content-Type", contentType)
	response, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
	if err != nil {
		s.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		s.Fatal(err)
	}
	if response.StatusCode != http.StatusCreated { // an answer to an offer holds a password, and has to
		s.said = append(s.said, string(answer))
	}
	return response.StatusCode
}

// Over whole turns of a podium, with everything logged that can be, no token, key,
// publish token or password is in a line of the log, in what a person or a program
// is shown, or in a refusal.
func TestNothingSecretIsSaid(t *testing.T) {
	s := newScene(t)
	host := s.token("desk", "host", time.Hour)
	rest, err := client.NewREST(s.server, host)
	if err != nil {
		t.Fatal(err)
	}
	podium := stage.Targets{UserIDs: []string{"podium-1"}}
	s.until("connected", func(p appliance.Status) bool { return p.Connected })
	for range 2 {
		if err := s.panel.Press(t.Context(), control.Press{Button: appliance.ButtonRequest}); err != nil {
			t.Fatal(err)
		}
		s.until("requested", func(p appliance.Status) bool { return p.Status == stage.Requested })
		if results, err := rest.Decide(t.Context(), stage.GrantAccess, podium); err != nil || !results[0].OK {
			t.Fatalf("%+v, %v", results, err)
		}
		s.until("on air", func(p appliance.Status) bool { return p.OnAir })
		if results, err := rest.Decide(t.Context(), stage.Kick, podium); err != nil || !results[0].OK {
			t.Fatalf("%+v, %v", results, err)
		}
		s.until("off stage", func(p appliance.Status) bool { return p.Status == stage.OffStage && !p.OnAir })
	}
	s.knockWrongly()
}

// knockWrongly comes with every kind of wrong token by every way in.
func (s *scene) knockWrongly() {
	s.Helper()
	expired := s.token("late", "podium", -time.Hour)
	foreign := expired[:len(expired)-6] + "forged"
	viewer := s.token("eve", "viewer", time.Hour)
	var used string // a publish token that has had its turn
	s.heard.mu.Lock()
	for secret, what := range s.heard.secrets {
		if strings.Contains(what, "/v1/whip/") {
			used = secret
		}
	}
	s.heard.mu.Unlock()
	if used == "" {
		s.Fatal("no publish token was overheard: this shows nothing")
	}
	for _, token := range []string{expired, foreign, used, "not a token, and secret all the same", viewer} {
		for _, way := range [][2]string{
			{"GET", "/v1/stage"}, {"GET", "/v1/meetings/hall/requests"}, {"POST", "/v1/meetings/hall/kick"}, {"POST", "/v1/whip/hall"},
			{"DELETE", "/v1/whip/hall/x"}, {"POST", "/v1/whep/hall/podium-1"}, {"GET", "/v1/stage?token=" + strings.ReplaceAll(token, " ", "+")},
			{"GET", "/nothing"}, {"GET", "/healthz"},
		} {
			s.ask(way[0], way[1], token, "application/sdp", "v=0")
		}
		one, err := client.New(client.Config{Server: s.server, Token: func() (string, error) { return token, nil },
			Handle: func(r client.Report) { s.said = append(s.said, fmt.Sprintf("%v %+v", r, r)) }, Log: slog.New(slog.NewTextHandler(s.transcript, &slog.HandlerOptions{Level: everything}))})
		if err != nil {
			s.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(s.Context(), 200*time.Millisecond)
		if err := one.Run(ctx); err != nil {
			s.said = append(s.said, err.Error())
		}
		cancel()
		if _, err := client.Describe(token + ".x"); err != nil {
			s.said = append(s.said, err.Error())
		}
	}
	if s.ask("GET", "/healthz", "", "", "") != http.StatusOK {
		s.Error("the server is not well")
	}
}

// search looks for every secret in all that was said.
func (s *scene) search() {
	s.Helper()
	s.said = append(s.said, s.transcript.String())
	s.heard.mu.Lock()
	defer s.heard.mu.Unlock()
	kinds := map[string]bool{}
	for secret, what := range s.heard.secrets {
		kinds[strings.Fields(what)[0]] = true
		for _, text := range s.said {
			if at := strings.Index(text, secret); at >= 0 {
				s.Errorf("%s is said: %q", what, text[max(0, at-120):min(len(text), at+len(secret)+40)])
				break
			}
		}
	}
	for _, kind := range []string{"the", "signature", "Authorization", "ICE"} {
		if !kinds[kind] {
			s.Errorf("nothing of the kind %q was looked for: this shows nothing", kind)
		}
	}
	if !strings.Contains(s.transcript.String(), "level=DEBUG") {
		s.Error("nothing was logged at debug level: this shows nothing")
	}
}
