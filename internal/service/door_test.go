package service

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"podium/appliance"
	"podium/config"
	"podium/control"
	"podium/stage"
)

// askPanel sends one request to the demo's panel under a name.
func askPanel(t *testing.T, method, address, host, origin, body string) (int, http.Header) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Host = host
	if origin != "" {
		r.Header.Set("Origin", origin)
		r.Header.Set("Sec-Fetch-Site", "same-origin") // a browser takes the name for the page's own
	}
	response, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, io.LimitReader(response.Body, 1<<10)); err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, response.Header
}

// A page whose name was made to lead to this machine (DNS rebinding) presses no
// button and reads no status of the demo's podium; the panel itself does.
func TestThePanelIsForThisMachineOnly(t *testing.T) {
	defer http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	panel, _, _ := demo(t)
	s := until(t, panel, "connected", func(s appliance.Status) bool { return s.Connected })
	host := strings.TrimPrefix(s.Server, "http://")
	_, port, _ := strings.Cut(host, ":")
	const press = `{"button":"request"}`
	for _, foreign := range []string{"rebound.example:" + port, "rebound.example", "127.0.0.1.rebound.example:" + port, "192.0.2.1:" + port} {
		for _, way := range [][3]string{{"GET", control.StatusPath, ""}, {"GET", control.TracePath, ""}, {"GET", control.EventsPath, ""}, {"POST", control.PressPath, press}} {
			status, header := askPanel(t, way[0], s.Server+way[1], foreign, "http://"+foreign, way[2])
			if status != http.StatusMisdirectedRequest || header.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("%v as %s is answered %d", way, foreign, status)
			}
		}
	}
	if now, err := panel.Status(t.Context()); err != nil || now.Status != stage.OffStage {
		t.Fatalf("a foreign page pressed: %+v, %v", now, err)
	}
	for _, own := range []string{host, "localhost:" + port} {
		status, header := askPanel(t, "GET", s.Server+control.StatusPath, own, "", "")
		if status != http.StatusOK || header.Get("X-Frame-Options") != "DENY" || header.Get("Cache-Control") != "no-store" {
			t.Errorf("as %s: %d, %v", own, status, header)
		}
	}
	if status, _ := askPanel(t, "POST", s.Server+control.PressPath, host, s.Server, press); status != http.StatusNoContent {
		t.Errorf("the panel's own press is answered %d", status)
	}
	until(t, panel, "requested", func(s appliance.Status) bool { return s.Status == stage.Requested })
}

// What listens has every deadline and bound, and the configuration's limits.
func TestTheHallHasDeadlinesAndBounds(t *testing.T) {
	h := testHall(t, slog.New(slog.DiscardHandler), func(c *config.Stage) { c.Limits.ConnectionsPerAddress = 1 }, nil)
	s := h.http
	for name, d := range map[string]time.Duration{"header": s.ReadHeaderTimeout, "read": s.ReadTimeout, "write": s.WriteTimeout, "idle": s.IdleTimeout} {
		if d <= 0 || d > 2*time.Minute {
			t.Errorf("the %s deadline is %v", name, d)
		}
	}
	if s.MaxHeaderBytes <= 0 || s.MaxHeaderBytes > 64<<10 {
		t.Errorf("headers may have %d bytes", s.MaxHeaderBytes)
	}
	held, err := net.Dial("tcp", h.listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	ask := func() int {
		r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+h.listener.Addr().String()+"/healthz", nil)
		way := &http.Transport{DisableKeepAlives: true}
		response, err := way.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		if response.StatusCode != http.StatusOK && response.Header.Get("Retry-After") == "" {
			t.Errorf("%s without Retry-After", response.Status)
		}
		return response.StatusCode
	}
	wait := func(want int) {
		t.Helper()
		for end := time.Now().Add(30 * time.Second); ask() != want; time.Sleep(time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("never answered %d", want)
			}
		}
	}
	wait(http.StatusTooManyRequests)
	_ = held.Close()
	wait(http.StatusOK)
}

// hallKey signs the tokens of testHall's meetings.
var hallKey = []byte("the key of a test, thirty-two+ bytes long")

// testHall runs a hall of the test's own on loopback; before it runs, change may
// look at the configuration and wrap what it serves.
func testHall(t *testing.T, log *slog.Logger, change func(*config.Stage), wrap func(http.Handler) http.Handler) *hall {
	t.Helper()
	c := config.DefaultStage()
	c.Listen, c.MediaListen, c.Key, c.Store = "127.0.0.1:0", "127.0.0.1:0", hallKey, filepath.Join(t.TempDir(), "stage.db")
	if change != nil {
		change(&c)
	}
	h, err := openHall(c, nil, "test", log)
	if err != nil {
		t.Fatal(err)
	}
	if wrap != nil {
		h.http.Handler = wrap(h.http.Handler)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- h.run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the hall ended with %v", err)
		}
	})
	return h
}
