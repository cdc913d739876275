package service

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"podium/appliance"
)

// manager plays the service manager: what it was told, in order.
func manager(t *testing.T, usec string) <-chan string {
	t.Helper()
	socket := filepath.Join(t.TempDir(), "notify")
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: socket, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("NOTIFY_SOCKET", socket)
	t.Setenv(watchdogUsec, usec)
	t.Setenv(watchdogPID, strconv.Itoa(os.Getpid()))
	told, ended := make(chan string, 1024), make(chan struct{})
	go func() {
		defer close(ended)
		buf := make([]byte, 256)
		for {
			n, err := conn.Read(buf)
			if err != nil {
				return
			}
			told <- string(buf[:n])
		}
	}()
	t.Cleanup(func() { conn.Close(); <-ended })
	return told
}

func next(t *testing.T, told <-chan string) string {
	t.Helper()
	select {
	case word := <-told:
		return word
	case <-time.After(30 * time.Second):
		t.Fatal("the manager is told nothing")
		return ""
	}
}

// blockable is a panel whose lamps can be made to hang, and with them the loop.
type blockable struct{ hang chan chan struct{} }

func (b blockable) Show(appliance.Lamps) {
	select {
	case until := <-b.hang:
		<-until
	default:
	}
}

// TestALoopThatHangsIsNotKeptAlive: the manager hears READY, then WATCHDOG for as
// long as the loop steps, and STOPPING at its end.
func TestALoopThatHangsIsNotKeptAlive(t *testing.T) {
	told := manager(t, "400000")
	l := newLife(slog.New(slog.DiscardHandler))
	if l.Every() != 100*time.Millisecond || os.Getenv("NOTIFY_SOCKET")+os.Getenv(watchdogUsec)+os.Getenv(watchdogPID) != "" {
		t.Errorf("every %s; the environment is left to children", l.Every())
	}
	panel := blockable{make(chan chan struct{}, 1)}
	p := appliance.New(appliance.Config{Stage: deaf{}, Publisher: deaf{}, Panel: panel, Life: l})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx) }()
	if word := next(t, told); word != "READY=1" {
		t.Fatalf("first told %q", word)
	}
	for range 5 {
		if word := next(t, told); word != alive {
			t.Fatalf("told %q", word)
		}
	}
	until := make(chan struct{})
	panel.hang <- until
	_ = p.Tell(appliance.Press{Button: appliance.ButtonRequest}) // a lamp is to be lit
	for silent := false; !silent; {                              // what was on its way comes
		select {
		case <-told:
		case <-time.After(time.Second):
			silent = true
		}
	}
	close(until)
	if word := next(t, told); word != alive {
		t.Fatalf("told %q after the loop went on", word)
	}
	cancel()
	<-ended
	l.close(time.Minute)
	for word := next(t, told); word != "STOPPING=1"; word = next(t, told) {
		if word != alive {
			t.Fatalf("told %q before STOPPING", word)
		}
	}
}

func TestTheWatchdogsLimit(t *testing.T) {
	me := strconv.Itoa(os.Getpid())
	for _, row := range []struct {
		usec, pid string
		want      time.Duration
		bad       bool
	}{
		{"", "", 0, false},
		{"4000000", "", time.Second, false},
		{"4000000", me, time.Second, false},
		{"4000000", "1", 0, false}, // meant for another process
		{"0", me, 0, true}, {"-1", me, 0, true}, {"ten", me, 0, true}, {"9223372036854775807", me, 0, true},
	} {
		got, err := watchdogEvery(row.usec, row.pid)
		if got != row.want || (err != nil) != row.bad {
			t.Errorf("usec %q, pid %q: %s, %v", row.usec, row.pid, got, err)
		}
		if row.bad && !strings.Contains(fmt.Sprint(err), watchdogUsec) {
			t.Errorf("%q: %v", row.usec, err)
		}
	}
}

// TestWithoutAManager: everything can be said to nobody; a socket that is not there
// is told.
func TestWithoutAManager(t *testing.T) {
	for socket, want := range map[string]string{"": "", "relative": "cannot tell the service manager"} {
		t.Setenv("NOTIFY_SOCKET", socket)
		var text bytes.Buffer
		l := newLife(slog.New(slog.NewTextHandler(&text, nil)))
		l.Ready()
		l.Alive()
		l.Stopping()
		l.close(time.Minute)
		if got := text.String(); !strings.Contains(got, want) || (want == "") != (got == "") {
			t.Errorf("socket %q: %q", socket, got)
		}
	}
}

// TestAServiceThatDoesNotRespondIsNotKeptAlive: the stage's side of the watchdog.
func TestAServiceThatDoesNotRespondIsNotKeptAlive(t *testing.T) {
	told := manager(t, "400000")
	l := newLife(slog.New(slog.DiscardHandler))
	defer l.close(time.Minute)
	ctx, cancel := context.WithCancel(t.Context())
	var hangs atomic.Bool
	ended := make(chan struct{})
	go func() { defer close(ended); watchOver(ctx, l, func() bool { return !hangs.Load() }) }()
	for range 3 {
		if word := next(t, told); word != alive {
			t.Fatalf("told %q", word)
		}
	}
	hangs.Store(true)
	for silent := false; !silent; { // what was on its way comes
		select {
		case <-told:
		case <-time.After(time.Second):
			silent = true
		}
	}
	hangs.Store(false)
	if word := next(t, told); word != alive {
		t.Fatalf("told %q when it responded again", word)
	}
	cancel()
	<-ended
}
