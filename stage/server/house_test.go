package server_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"podium/stage"
	"podium/stage/server"
	"podium/stage/server/servertest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience bounds every wait for something that must come.
const patience = 30 * time.Second

var key = []byte("0123456789abcdef0123456789abcdef")

// house is a stage service on loopback with an engine that records.
type house struct {
	t      *testing.T
	engine *servertest.Engine
	stage  *server.Server
	web    *httptest.Server
	seats  map[string]*seat // of those who enter when they are needed, by userId
}

func openHouse(t *testing.T) *house { return openHouseWith(t, server.Config{}) }

// openHouseWith fills in what cfg leaves open. The lease is long, so that a busy
// machine does not end one by chance.
func openHouseWith(t *testing.T, cfg server.Config) *house {
	t.Helper()
	h := &house{t: t, engine: &servertest.Engine{}}
	cfg.Key = key
	if cfg.Engine == nil {
		cfg.Engine = h.engine
	}
	if cfg.Lease == 0 {
		cfg.Lease = patience
	}
	var err error
	if h.stage, err = server.New(cfg); err != nil {
		t.Fatal(err)
	}
	h.web = httptest.NewServer(h.stage.Handler())
	t.Cleanup(func() {
		h.close()
		h.web.Close()
	})
	return h
}

func (h *house) close() {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := h.stage.Close(ctx); err != nil {
		h.t.Error(err)
	}
}

// token makes a token of the meeting "hall" with a ready-made preset.
func (h *house) token(user, preset string) string { return h.tokenFor("hall", user, preset) }

func (h *house) tokenFor(meeting, user, preset string) string {
	h.t.Helper()
	token, err := server.NewToken(key, server.TokenRequest{
		Meeting: meeting, UserID: user, Name: "Name of " + user, Preset: stage.Presets[preset], TTL: time.Hour,
	}, time.Now())
	if err != nil {
		h.t.Fatal(err)
	}
	return token
}

// enter connects and joins the meeting "hall".
func (h *house) enter(user, preset string) *seat {
	h.t.Helper()
	s := h.dial(h.token(user, preset))
	s.want("meeting.join", nil)
	s.wantNotice("stageStatusUpdate")
	return s
}

// request does one HTTP request with a token and gives status and body.
func (h *house) request(method, path, token, body string, header ...string) (int, string) {
	h.t.Helper()
	r, err := http.NewRequest(method, h.web.URL+path, strings.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	response, err := h.web.Client().Do(r)
	if err != nil {
		h.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

// meetings asks the service how many meetings run.
func (h *house) meetings() int {
	h.t.Helper()
	_, body := h.request("GET", "/healthz", "", "")
	var health struct {
		Status   string
		Meetings int
	}
	if err := json.Unmarshal([]byte(body), &health); err != nil || health.Status != "ok" {
		h.t.Fatalf("health is %s, %v", body, err)
	}
	return health.Meetings
}

// eventually waits until ok holds.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatalf("waited in vain until %s", what)
}

// wantCalls wants exactly these calls of the engine so far.
func (h *house) wantCalls(want ...string) {
	h.t.Helper()
	if got := h.engine.Calls(); fmt.Sprint(got) != fmt.Sprint(want) {
		h.t.Errorf("the engine was called %v, want %v", got, want)
	}
}
