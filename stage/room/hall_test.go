package room

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"podium/stage"
)

// patience is how long a test waits for what must come.
const patience = 30 * time.Second

// hall is a room behind an HTTP server, and what it reported.
type hall struct {
	testing.TB
	room *Room
	web  *httptest.Server
	http *http.Client

	mu  sync.Mutex
	air []airReport
}

func newHall(t testing.TB, conf Config) *hall {
	t.Helper()
	h := &hall{TB: t}
	if conf.Listen == "" {
		conf.Listen = "127.0.0.1:0"
	}
	conf.OnAir = h.onAir
	room, err := New(conf)
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/v1/whip/", room.WHIP())
	mux.Handle("/v1/whep/", room.WHEP())
	h.room, h.web = room, httptest.NewServer(mux)
	h.http = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	t.Cleanup(func() {
		h.web.Close()
		if err := room.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return h
}

func (h *hall) onAir(meeting, user string, on bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.air = append(h.air, airReport{seat{meeting, user}, on})
}

// aired returns the reports about user so far.
func (h *hall) aired(user string) []bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	var list []bool
	for _, report := range h.air {
		if report.seat.user == user {
			list = append(list, report.onAir)
		}
	}
	return list
}

// eventually waits for a state.
func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !ok(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("never came: %s", what)
		}
	}
}

// turn is a turn of user in the meeting "hall".
func turn(user string, number uint64, media ...stage.Media) stage.Turn {
	if media == nil {
		media = []stage.Media{stage.Audio, stage.Video}
	}
	return stage.Turn{Meeting: "hall", UserID: user, Number: number, Media: media}
}

func (h *hall) admit(t stage.Turn) string {
	h.Helper()
	admission, err := h.room.Admit(t)
	if err != nil {
		h.Fatal(err)
	}
	return admission.Token
}

// reply is an HTTP answer read to its end.
type reply struct {
	status int
	header http.Header
	body   string
}

// request sends one request; token "" sends no Authorization.
func (h *hall) request(method, path, token, contentType, body string) reply {
	h.Helper()
	req, err := http.NewRequest(method, h.web.URL+path, strings.NewReader(body))
	if err != nil {
		h.Fatal(err)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	resp, err := h.http.Do(req)
	if err != nil {
		h.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		h.Fatal(err)
	}
	return reply{resp.StatusCode, resp.Header, string(text)}
}

// post sends an offer to WHIP.
func (h *hall) post(token, offer string) reply {
	h.Helper()
	return h.request(http.MethodPost, "/v1/whip/hall", token, sdpType, offer)
}

// want fails the test unless the reply has the status and its text names all of words.
func (h *hall) want(r reply, status int, words ...string) {
	h.Helper()
	if r.status != status {
		h.Errorf("status %d, want %d: %s", r.status, status, r.body)
	}
	for _, word := range words {
		if !strings.Contains(r.body, word) {
			h.Errorf("%q does not name %q", r.body, word)
		}
	}
}

// slots returns how many slots exist.
func (h *hall) slots() int {
	h.room.mu.Lock()
	defer h.room.mu.Unlock()
	return len(h.room.slots)
}
