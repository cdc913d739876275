//go:build faults

package faults

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// watchdog is what the unit file says in WatchdogSec.
const watchdog = 3 * time.Second

// systemd is what of it a service with Type=notify and WatchdogSec meets
// (sd_notify(3), systemd.service(5)).
type systemd struct {
	socket *net.UnixConn
	path   string

	mu      sync.Mutex
	heard   []notice
	watched bool
	fired   time.Time // when the watchdog ended the process; zero: it did not
}

type notice struct {
	at   time.Time
	what string // READY=1 and the like
}

func newSystemd(t *testing.T, path string) *systemd {
	t.Helper()
	_ = os.Remove(path)
	socket, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	s := &systemd{socket: socket, path: path}
	t.Cleanup(func() { _ = socket.Close() })
	return s
}

func (s *systemd) environment() []string {
	return []string{"NOTIFY_SOCKET=" + s.path, fmt.Sprintf("WATCHDOG_USEC=%d", watchdog.Microseconds())}
}

// watch reads what the process says, and aborts it when it has said READY and then
// nothing for WatchdogSec. The abort is followed by SIGCONT, as systemd does, so
// that a stopped process dies of it too.
func (s *systemd) watch(p *process) {
	go func() {
		buffer := make([]byte, 4096)
		for {
			n, err := s.socket.Read(buffer)
			switch {
			case err == nil:
				s.hear(string(buffer[:n]))
			case os.IsTimeout(err):
				if p.running() {
					s.fire(p)
				}
				return
			default:
				return
			}
		}
	}()
}

func (s *systemd) hear(text string) {
	now := time.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	for what := range strings.FieldsSeq(text) {
		s.heard = append(s.heard, notice{now, what})
		s.watched = s.watched || what == "READY=1"
	}
	if s.watched {
		_ = s.socket.SetReadDeadline(now.Add(watchdog))
	}
}

// leave stops watching, as without WatchdogSec.
func (s *systemd) leave() { _ = s.socket.Close() }

func (s *systemd) fire(p *process) {
	s.mu.Lock()
	s.fired = time.Now()
	s.mu.Unlock()
	p.signal(syscall.SIGABRT)
	p.signal(syscall.SIGCONT)
}

// pings gives when the process last said that it lives, and whether the watchdog
// has ended it.
func (s *systemd) pings() (last, fired time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, n := range s.heard {
		if n.what == "WATCHDOG=1" || n.what == "READY=1" {
			last = n.at
		}
	}
	return last, s.fired
}

// ready waits, as a try of until, for the process to be ready.
func (s *systemd) ready(context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.watched {
		return errors.New("the podium does not say READY=1")
	}
	return nil
}
