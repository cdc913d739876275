package control

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"podium/appliance"
	"podium/stage"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fakePodium notes the presses and signals a change at each.
type fakePodium struct {
	mu      sync.Mutex
	presses []appliance.Press
	changed chan struct{}
	err     error
}

func newFake() *fakePodium { return &fakePodium{changed: make(chan struct{}, 8)} }

func (f *fakePodium) Tell(e appliance.Event) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err != nil {
		return f.err
	}
	f.presses = append(f.presses, e.(appliance.Press))
	f.changed <- struct{}{}
	return nil
}

func (f *fakePodium) Status() appliance.Status {
	f.mu.Lock()
	defer f.mu.Unlock()
	return appliance.Status{Status: stage.Requested, Position: len(f.presses)}
}

func (f *fakePodium) Trace() []appliance.TraceStep {
	return []appliance.TraceStep{{Event: "press request", Status: stage.Requested}}
}

func (f *fakePodium) Watch() (<-chan struct{}, func()) { return f.changed, func() {} }

// serve serves a fake podium on a socket of the test's own.
func serve(t *testing.T, f *fakePodium) (socket string) {
	t.Helper()
	socket = filepath.Join(t.TempDir(), "run", "podium.sock")
	l, err := Listen(socket)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- Serve(ctx, l, f) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return socket
}

func TestPressStatusTrace(t *testing.T) {
	f := newFake()
	c := Dial(serve(t, f))
	ctx := t.Context()
	if err := c.Press(ctx, Press{Button: appliance.ButtonRequest}); err != nil {
		t.Fatal(err)
	}
	if err := c.Press(ctx, Press{Button: appliance.ButtonCancel, Long: true}); err != nil {
		t.Fatal(err)
	}
	want := []appliance.Press{{Button: "request"}, {Button: "cancel"}, {Button: "cancel", Long: true}}
	if len(f.presses) != len(want) || f.presses[0] != want[0] || f.presses[1] != want[1] || f.presses[2] != want[2] {
		t.Errorf("presses %v, want %v", f.presses, want)
	}
	if s, err := c.Status(ctx); err != nil || s.Status != stage.Requested {
		t.Errorf("status %+v, %v", s, err)
	}
	if steps, err := c.Trace(ctx); err != nil || len(steps) != 1 {
		t.Errorf("trace %v, %v", steps, err)
	}
}

func TestBadInput(t *testing.T) {
	f := newFake()
	server := httptest.NewServer(Handler(f))
	defer server.Close()
	for _, row := range []struct {
		name, body, origin string
		status             int
		says               string
	}{
		{"no JSON", "press", "", 400, "cannot read the press"},
		{"no such button", `{"button":"eject"}`, "", 400, `no button "eject"`},
		{"unknown key", `{"button":"request","force":true}`, "", 400, "force"},
		{"too large", `{"button":"` + strings.Repeat("x", 8<<10) + `"}`, "", 400, "too large"},
		{"another site's page", `{"button":"request"}`, "https://evil.example", 403, "cross-origin"},
	} {
		t.Run(row.name, func(t *testing.T) {
			r, _ := http.NewRequest(http.MethodPost, server.URL+PressPath, strings.NewReader(row.body))
			r.Header.Set("Origin", row.origin)
			if row.origin != "" {
				r.Header.Set("Sec-Fetch-Site", "cross-site")
			}
			response, err := server.Client().Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			text := new(strings.Builder)
			_, _ = bufio.NewReader(response.Body).WriteTo(text)
			if response.StatusCode != row.status || !strings.Contains(text.String(), row.says) {
				t.Errorf("%d %q, want %d with %q", response.StatusCode, text, row.status, row.says)
			}
		})
	}
	if len(f.presses) != 0 {
		t.Errorf("bad input pressed: %v", f.presses)
	}
}

func TestStream(t *testing.T) {
	f := newFake()
	server := httptest.NewServer(Handler(f))
	defer server.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	r, _ := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+EventsPath, nil)
	response, err := server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	lines := bufio.NewScanner(response.Body)
	next := func() (s appliance.Status) {
		for lines.Scan() {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				if err := json.Unmarshal([]byte(data), &s); err != nil {
					t.Fatal(err)
				}
				return s
			}
		}
		t.Fatal("the stream ended")
		return s
	}
	if s := next(); s.Position != 0 {
		t.Errorf("the first status is %+v", s)
	}
	_ = f.Tell(appliance.Press{Button: appliance.ButtonRequest})
	for s := next(); s.Position != 1; s = next() {
	}
}

func TestNobodyAnswers(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "podium.sock")
	_, err := Dial(socket).Status(t.Context())
	if !errors.Is(err, ErrNobody) || !strings.Contains(err.Error(), socket) {
		t.Errorf("error %v, want ErrNobody that names the socket", err)
	}
}

func TestSocketInUseAndLeftOver(t *testing.T) {
	socket := serve(t, newFake())
	if _, err := Listen(socket); err == nil || !strings.Contains(err.Error(), "a podium answers there already") {
		t.Errorf("a socket in use: %v", err)
	}
	left := filepath.Join(t.TempDir(), "left.sock")
	l, err := Listen(left)
	if err != nil {
		t.Fatal(err)
	}
	// A killed process closes its socket and leaves the file behind.
	l.(interface{ SetUnlinkOnClose(bool) }).SetUnlinkOnClose(false)
	_ = l.Close()
	again, err := Listen(left)
	if err != nil {
		t.Fatalf("a left-over socket was not replaced: %v", err)
	}
	if info, err := os.Stat(left); err != nil || info.Mode().Perm() != socketMode {
		t.Errorf("rights %v, %v", info.Mode(), err)
	}
	_ = again.Close()
}

func TestAStoppedPodium(t *testing.T) {
	f := newFake()
	f.err = appliance.ErrStopped
	err := Dial(serve(t, f)).Press(t.Context(), Press{Button: appliance.ButtonRequest})
	if err == nil || !strings.Contains(err.Error(), "stopped") {
		t.Errorf("error %v", err)
	}
}
