package service

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"podium/capture"
	"podium/config"
	"podium/control"
	"podium/internal/secret"
	"podium/stage"
	"podium/stage/server"
)

// The demo's people.
const (
	demoMeeting = "demo"
	demoPodium  = "podium-1"
	demoTTL     = 7 * 24 * time.Hour
)

// Demo says where the demo listens and leaves its files.
type Demo struct {
	Listen  string    // TCP host:port; the media's UDP port is a free one of the same host
	State   string    // folder for host.token, viewer.token, panelist.token, stage.db and podium.sock; made if missing
	Out     io.Writer // told the three addresses when everything is up
	Version string
	Log     *slog.Logger
}

// Run is `podium demo`: stage server, media engine and one simulated podium with
// a moving test picture and a test sound, in one process.
func (d Demo) Run(ctx context.Context) error {
	key := make([]byte, server.MinKeyLength)
	_, _ = rand.Read(key) // never fails: crypto/rand
	if err := os.MkdirAll(d.State, 0o700); err != nil {
		return fmt.Errorf("cannot make the state folder: %w", err)
	}
	socket, err := control.Listen(filepath.Join(d.State, "podium.sock")) // first: it shows whether a demo runs there
	if err != nil {
		return err
	}
	tokens, err := d.makeTokens(key)
	if err != nil {
		_ = socket.Close()
		return err
	}
	h, panel, err := d.openHall(key)
	if err != nil {
		_ = socket.Close()
		return err
	}
	address := "http://" + reachable(h.listener.Addr())
	u, err := newUnit(unitConfig{
		server: address, token: func() (string, error) { return tokens[demoPodium], nil },
		front: noFront{}, socket: socket, loopback: true, version: d.Version, log: d.Log,
		camera:     &capture.VideoConfig{Device: capture.TestDevice + ":" + "Podium 1", Width: 960, Height: 540, FrameRate: 30, BitRate: 1_500_000, Log: d.Log},
		microphone: &capture.AudioConfig{Device: capture.TestDevice, Log: d.Log},
	})
	if err != nil {
		_ = socket.Close()
		return errors.Join(err, h.abandon())
	}
	panel.set(control.Handler(u.podium))
	d.announce(address, tokens)
	group, ctx := errgroup.WithContext(ctx)
	stageCtx, endStage := context.WithCancel(context.WithoutCancel(ctx))
	group.Go(func() error { return h.run(stageCtx) })
	group.Go(func() error {
		defer endStage() // the podium says goodbye to a stage that is still there
		return u.run(ctx)
	})
	return group.Wait()
}

func (d Demo) openHall(key []byte) (*hall, *lateHandler, error) {
	host, _, err := net.SplitHostPort(d.Listen)
	if err != nil {
		return nil, nil, fmt.Errorf("cannot listen on %q: give host:port, such as 127.0.0.1:8080", d.Listen)
	}
	c := config.DefaultStage()
	c.Listen, c.MediaListen, c.Key = d.Listen, net.JoinHostPort(host, "0"), key
	c.Store = filepath.Join(d.State, "stage.db")
	panel := &lateHandler{ready: make(chan struct{})}
	h, err := openHall(c, panel, d.Version, d.Log)
	return h, panel, err
}

// makeTokens makes the demo's tokens and leaves all but the podium's in the
// state folder, readable for their owner only.
func (d Demo) makeTokens(key []byte) (map[string]string, error) {
	tokens := map[string]string{}
	for _, person := range []struct{ userID, name, preset, file string }{
		{"host", "Host", "host", "host.token"},
		{"viewer", "Viewer", "viewer", "viewer.token"},
		{"panelist", "Panelist", "panelist", "panelist.token"}, // for /join
		{demoPodium, "Podium 1", "podium", ""},
	} {
		token, err := server.NewToken(key, server.TokenRequest{
			Meeting: demoMeeting, UserID: person.userID, Name: person.name, Preset: stage.Presets[person.preset], TTL: demoTTL,
		}, time.Now())
		if err != nil {
			return nil, err
		}
		tokens[person.userID] = token
		if person.file == "" {
			continue
		}
		if err := secret.Write(filepath.Join(d.State, person.file), []byte(token+"\n")); err != nil {
			return nil, fmt.Errorf("cannot leave a token in the state folder: %w", err)
		}
	}
	return tokens, nil
}

// announce prints the addresses. The tokens stand behind #, which browsers send
// to nobody.
func (d Demo) announce(address string, tokens map[string]string) {
	fmt.Fprintf(d.Out, `Podium demo is running. Ctrl-C ends it.

  The simulated podium   %[1]s/panel
  The host's console     %[1]s/console#token=%[2]s
  What the hall sees     %[1]s/watch#token=%[3]s

Press Request on the panel, grant it in the console, and look at the watch page.
In %[4]s: host.token, viewer.token and podium.sock, for podium host and podium press,
and panelist.token, for /join.
`, address, tokens["host"], tokens["viewer"], d.State)
}

// reachable gives an address that a browser on this machine can open.
func reachable(a net.Addr) string {
	tcp, ok := a.(*net.TCPAddr)
	if ok && tcp.IP.IsUnspecified() {
		return fmt.Sprintf("127.0.0.1:%d", tcp.Port)
	}
	return a.String()
}

// lateHandler is a handler that is known only after the server is set up, and
// before it serves.
type lateHandler struct {
	ready   chan struct{}
	handler http.Handler
}

func (l *lateHandler) set(h http.Handler) { l.handler = h; close(l.ready) }

// ServeHTTP waits for the handler, or for the caller to give up.
func (l *lateHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	select {
	case <-l.ready:
		l.handler.ServeHTTP(w, r)
	case <-r.Context().Done():
	}
}
