package browser

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"podium/stage"
	"podium/stage/client"
	"podium/stage/server"
)

// meeting is the one that the tests' stage servers hold.
const meeting = "hall"

// service is a running `podium stage`, whose key the test knows: it can be
// entered by whomever a story needs.
type service struct {
	base string
	key  []byte
}

var listens = regexp.MustCompile(`stage ready.* listen=(\S+) `)

// startStage runs the stage service as a process of its own until the test ends.
func startStage(t *testing.T) service {
	t.Helper()
	dir := t.TempDir()
	key := []byte(rand.Text() + rand.Text()) // 52 letters
	config := filepath.Join(dir, "stage.yaml")
	for file, text := range map[string]string{
		filepath.Join(dir, "stage.key"): string(key),
		config:                          "listen: 127.0.0.1:0\nmediaListen: 127.0.0.1:0\nkeyFile: stage.key\nlease: 30s\n", // a busy machine loses nobody
	} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	ready := &finder{pattern: listens, found: make(chan string, 1)}
	lines, logs := startProcess(t, "stage", ready, "stage", "--config", config)
	go func() {
		for range lines { // it says nothing there, and may not be held up if it does
		}
	}()
	select {
	case address := <-ready.found:
		return service{base: "http://" + address, key: key}
	case <-time.After(startTime):
		t.Fatalf("the stage service did not say where it listens within %v; see %s", startTime, logs)
		return service{}
	}
}

// token makes a participant's token.
func (s service) token(t *testing.T, userID, name, preset string) string {
	t.Helper()
	token, err := server.NewToken(s.key, server.TokenRequest{
		Meeting: meeting, UserID: userID, Name: name, Preset: stage.Presets[preset], TTL: time.Hour,
	}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// page gives the address of a page for somebody.
func (s service) page(t *testing.T, path, userID, name, preset string) string {
	t.Helper()
	return s.base + path + "#token=" + s.token(t, userID, name, preset)
}

// guest is a participant without a browser.
type guest struct {
	t *testing.T
	c *client.Client
}

// enter lets somebody into the meeting, for as long as the test runs.
func (s service) enter(t *testing.T, userID, name, preset string) guest {
	t.Helper()
	joined, token := make(chan struct{}, 1), s.token(t, userID, name, preset)
	c, err := client.New(client.Config{
		Server: s.base,
		Token:  func() (string, error) { return token, nil },
		Handle: func(r client.Report) {
			if _, ok := r.(client.Connected); ok {
				select {
				case joined <- struct{}{}:
				default:
				}
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- c.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		<-ended
	})
	select {
	case <-joined:
	case <-time.After(startTime):
		t.Fatalf("%s did not get into the meeting within %v", userID, startTime)
	}
	return guest{t, c}
}

// does calls a method that has to be accepted.
func (g guest) does(method stage.Method) {
	g.t.Helper()
	ctx, stop := context.WithTimeout(context.Background(), startTime)
	defer stop()
	if err := g.c.Call(ctx, method, nil, nil); err != nil {
		g.t.Fatalf("%s: %v", method, err)
	}
}

// rest is a host's script.
func (s service) rest(t *testing.T) *client.REST {
	t.Helper()
	r, err := client.NewREST(s.base, s.token(t, "script", "Script", "host"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(http.DefaultClient.CloseIdleConnections)
	return r
}

// connected waits until a page has joined the meeting.
func (p tab) connected() {
	p.T.Helper()
	p.Until("it is connected", `document.querySelector('[data-testid=connection]').dataset.state === 'connected'`)
}

func row(kind, userID string) string {
	return fmt.Sprintf(`[data-testid=%s][data-user-id="%s"]`, kind, userID)
}
