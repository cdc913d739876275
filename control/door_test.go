package control

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"podium/appliance"
)

const testPatience = 30 * time.Second

func dialSocket(t *testing.T, socket string) net.Conn {
	t.Helper()
	c, err := net.Dial("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	_ = c.SetDeadline(time.Now().Add(testPatience))
	return c
}

// A program that begins a request and does not end it is cut, and so is one that
// says nothing; the podium's own presses go through meanwhile.
func TestSlowProgramsAreCut(t *testing.T) {
	t.Parallel()
	f := newFake()
	socket := serve(t, f)
	var slow []net.Conn
	for _, begin := range []string{
		"", "GET /v1/panel/status HTTP/1.1\r\nHost: podium\r\nX: ",
		"POST /v1/panel/press HTTP/1.1\r\nHost: podium\r\nContent-Length: 4000\r\n\r\n{",
		"GET /v1/panel/status HTTP/1.1\r\nHost: podium\r\n\r\n",
	} {
		c := dialSocket(t, socket)
		fmt.Fprint(c, begin)
		slow = append(slow, c)
	}
	if err := Dial(socket).Press(t.Context(), Press{Button: appliance.ButtonCancel}); err != nil {
		t.Error(err)
	}
	for n, c := range slow {
		if _, err := io.ReadAll(c); errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("program %d is not cut", n)
		}
	}
}

// The stream outlives the deadlines of a request.
func TestTheStreamHasNoDeadline(t *testing.T) {
	t.Parallel()
	c := dialSocket(t, serve(t, newFake()))
	fmt.Fprintf(c, "GET %s HTTP/1.1\r\nHost: podium\r\n\r\n", EventsPath)
	lines := bufio.NewScanner(c)
	for end := time.Now().Add(patience + patience/2); time.Now().Before(end); {
		if !lines.Scan() {
			t.Fatalf("the stream ended: %v", lines.Err())
		}
	}
}

// So many programs are connected; one more is closed, and one that goes makes room.
func TestProgramsAreBounded(t *testing.T) {
	socket := serve(t, newFake())
	var held []net.Conn
	for range maxConnections {
		held = append(held, dialSocket(t, socket))
	}
	// The listener accepts in order: when the last one is closed, all others count.
	if _, err := io.ReadAll(dialSocket(t, socket)); errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatal("one more is kept")
	}
	_ = held[0].Close()
	for end := time.Now().Add(testPatience); ; time.Sleep(time.Millisecond) {
		if _, err := Dial(socket).Status(t.Context()); err == nil {
			return
		}
		if time.Now().After(end) {
			t.Fatal("no room after one went")
		}
	}
}

// So many read the stream; one more is told so.
func TestStreamsAreBounded(t *testing.T) {
	socket := serve(t, newFake())
	open := func() *http.Response {
		c := dialSocket(t, socket)
		fmt.Fprintf(c, "GET %s HTTP/1.1\r\nHost: podium\r\n\r\n", EventsPath)
		response, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil {
			t.Fatal(err)
		}
		return response // its body has no end: the connection is closed
	}
	for range maxStreams {
		if r := open(); r.StatusCode != http.StatusOK {
			t.Fatalf("answered %s", r.Status)
		}
	}
	if r := open(); r.StatusCode != http.StatusServiceUnavailable || r.Header.Get("Retry-After") == "" {
		t.Errorf("one more is answered %s, Retry-After %q", r.Status, r.Header.Get("Retry-After"))
	}
}

// busyPodium changes all the time.
type busyPodium struct {
	*fakePodium
	ended chan struct{}
}

func (b *busyPodium) Watch() (<-chan struct{}, func()) {
	always := make(chan struct{})
	close(always)
	return always, func() { close(b.ended) }
}

// One that reads nothing of the stream is cut, and its place is free.
func TestADeafReaderOfTheStreamIsCut(t *testing.T) {
	t.Parallel()
	b := &busyPodium{newFake(), make(chan struct{})}
	socket := filepath.Join(t.TempDir(), "podium.sock")
	l, err := Listen(socket)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- Serve(ctx, l, b) }()
	c := dialSocket(t, socket)
	fmt.Fprintf(c, "GET %s HTTP/1.1\r\nHost: podium\r\n\r\n", EventsPath)
	select {
	case <-b.ended:
	case <-time.After(testPatience):
		t.Error("not cut")
	}
	cancel()
	if err := <-served; err != nil {
		t.Error(err)
	}
}

// Whoever holds the socket is let in by its rights; the Host is nobody's business
// there. (The demo's pages are: see its own test.)
func TestTheSocketAsksForNoHost(t *testing.T) {
	c := dialSocket(t, serve(t, newFake()))
	fmt.Fprintf(c, "GET %s HTTP/1.1\r\nHost: anything.example\r\nConnection: close\r\n\r\n", StatusPath)
	answer, err := io.ReadAll(c)
	if err != nil || !strings.HasPrefix(string(answer), "HTTP/1.1 200") {
		t.Errorf("answered %.80q, %v", answer, err)
	}
}
