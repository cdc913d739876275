package publish_test

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pion/webrtc/v4/pkg/media"

	"podium/publish"
)

// hangingCamera is a camera whose driver hangs until free is closed: as it is
// opened, or as it is closed, which it then gives up as package capture does.
type hangingCamera struct {
	opening  bool
	free     chan struct{}
	mu       sync.Mutex
	opened   int
	released chan struct{}
}

func (c *hangingCamera) OpenVideo() (publish.VideoSource, error) {
	c.mu.Lock()
	c.opened++
	c.mu.Unlock()
	if c.opening {
		<-c.free
	}
	return c, nil
}

func (c *hangingCamera) OpenAudio() (publish.Source, error) { return nil, errors.New("none") }

func (c *hangingCamera) ReadSample() (media.Sample, error) {
	<-c.free
	return media.Sample{}, io.EOF
}

func (c *hangingCamera) RequestKeyframe() {}

func (c *hangingCamera) Released() <-chan struct{} { return c.released }

// Close gives up after a while, and closes once the driver goes on.
func (c *hangingCamera) Close() error {
	go func() {
		<-c.free
		close(c.released)
	}()
	select {
	case <-c.released:
		return nil
	case <-time.After(800 * time.Millisecond):
		return errors.New("its driver does not answer")
	}
}

func (c *hangingCamera) times() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.opened
}

// silentServer answers no request.
type silentServer struct{}

func (silentServer) RoundTrip(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// lines is a log.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *lines) has(words string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Contains(l.text.String(), words)
}

// A camera whose driver hangs is abandoned, which the log tells, is not opened a
// second time while it is, and is closed once its driver goes on.
func TestACameraThatHangsIsAbandoned(t *testing.T) {
	for name, opening := range map[string]bool{"opening": true, "closing": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { abandon(t, opening) })
		})
	}
}

func abandon(t *testing.T, opening bool) {
	log := &lines{}
	c := &hangingCamera{opening: opening, free: make(chan struct{}), released: make(chan struct{})}
	var mu sync.Mutex
	var fault error
	p, err := publish.New(publish.Config{
		Devices: c, HTTP: &http.Client{Transport: silentServer{}}, Log: slog.New(slog.NewTextHandler(log, nil)),
		Report: func(e publish.Event) {
			if f, ok := e.(publish.Fault); ok && f.Device == publish.Camera {
				mu.Lock()
				fault = f.Err
				mu.Unlock()
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	place := publish.Place{URL: "http://127.0.0.1:1", Video: true}
	p.Open(place, time.Now().Add(time.Hour))
	synctest.Wait()
	began := time.Now()
	p.Close()
	if took := time.Since(began); took > 0 {
		t.Errorf("Close took %s", took)
	}
	time.Sleep(2 * time.Second)
	if !log.has("abandoned until its driver lets go") {
		t.Error("the log does not tell of the camera that hangs")
	}
	p.Open(place, time.Now().Add(time.Hour))
	time.Sleep(2 * time.Second)
	mu.Lock()
	if n := c.times(); n != 1 || fault == nil || !strings.Contains(fault.Error(), "its driver hangs") {
		t.Errorf("opened %d times while it hung; fault %v", n, fault)
	}
	mu.Unlock()
	p.Close()
	close(c.free)
	<-c.released
	p.Shutdown()
}
