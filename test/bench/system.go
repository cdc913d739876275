package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"

	"podium/control"
	"podium/stage"
	"podium/stage/client"
)

// system is a running demo with a host connected to it.
type system struct {
	process       *exec.Cmd
	state         string
	address       string
	watchURL      string
	viewerToken   string
	host          *client.Client
	panel         *control.Client
	notifications chan heard
	stop          func()
}

// heard is one notification and when it came.
type heard struct {
	at time.Time
	client.Notification
}

const startLimit = 30 * time.Second

var addresses = regexp.MustCompile(`(http://\S+)/watch#token=(\S+)`)

// start runs the demo on a free port and connects a host.
func start(ctx context.Context, binary string) (*system, error) {
	state, err := os.MkdirTemp("", "podium-bench-")
	if err != nil {
		return nil, err
	}
	s := &system{state: state, panel: control.Dial(filepath.Join(state, "podium.sock")), notifications: make(chan heard, 4096)}
	s.process = exec.Command(binary, "demo", "--listen", "127.0.0.1:0", "--state", state)
	s.process.Stderr = os.Stderr
	out, err := s.process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.process.Start(); err != nil {
		return nil, err
	}
	s.stop = func() {
		_ = s.process.Process.Signal(syscall.SIGTERM)
		_ = s.process.Wait()
		_ = os.RemoveAll(state)
	}
	lines := bufio.NewScanner(out)
	for s.address == "" && lines.Scan() {
		if m := addresses.FindStringSubmatch(lines.Text()); m != nil {
			s.address, s.viewerToken, s.watchURL = m[1], m[2], m[0]
		}
	}
	go func() { // keeps the demo's pipe empty until it ends
		for lines.Scan() {
		}
	}()
	if s.address == "" {
		s.stop()
		return nil, errors.New("the demo did not print its addresses")
	}
	if err := s.connect(ctx); err != nil {
		s.stop()
		return nil, err
	}
	return s, nil
}

func (s *system) connect(ctx context.Context) error {
	token, err := os.ReadFile(filepath.Join(s.state, "host.token"))
	if err != nil {
		return err
	}
	connected := make(chan struct{}, 8)
	s.host, err = client.New(client.Config{
		Server: s.address,
		Token:  func() (string, error) { return strings.TrimSpace(string(token)), nil },
		Handle: func(r client.Report) {
			switch r := r.(type) {
			case client.Connected:
				connected <- struct{}{}
			case client.Notification:
				s.notifications <- heard{time.Now(), r}
			}
		},
	})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() { defer close(ended); _ = s.host.Run(ctx) }()
	stopProcess := s.stop
	s.stop = func() { cancel(); <-ended; stopProcess() }
	select {
	case <-connected:
	case <-time.After(startLimit):
		return errors.New("the host could not connect")
	}
	return s.until(ctx, func(p control.Client) bool {
		status, err := p.Status(ctx)
		return err == nil && status.Connected
	})
}

// until polls the podium until it is as wanted.
func (s *system) until(ctx context.Context, want func(control.Client) bool) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	for !want(*s.panel) {
		select {
		case <-ctx.Done():
			return errors.New("the podium did not get there in time")
		case <-time.After(5 * time.Millisecond):
		}
	}
	return nil
}

// status waits for a stage status of the podium.
func (s *system) status(ctx context.Context, want stage.Status) error {
	return s.until(ctx, func(p control.Client) bool {
		status, err := p.Status(ctx)
		return err == nil && status.Status == want
	})
}

// wait gives the moment at which the host heard an event.
func (s *system) wait(ctx context.Context, event stage.Event, fits func(json.RawMessage) bool) (time.Time, error) {
	limit := time.After(startLimit)
	for {
		select {
		case n := <-s.notifications:
			if n.Event == event && (fits == nil || fits(n.Params)) {
				return n.at, nil
			}
		case <-limit:
			return time.Time{}, fmt.Errorf("the host did not hear %s", event)
		case <-ctx.Done():
			return time.Time{}, ctx.Err()
		}
	}
}

const podiumID = "podium-1"

// decide is a host's call about the podium.
func (s *system) decide(ctx context.Context, method stage.Method) error {
	return s.host.Call(ctx, method, stage.Targets{UserIDs: []string{podiumID}}, nil)
}

// goOnAir brings the podium from off stage onto the air.
func (s *system) goOnAir(ctx context.Context) error {
	if err := s.panel.Press(ctx, control.Press{Button: "request"}); err != nil {
		return err
	}
	if err := s.status(ctx, stage.Requested); err != nil {
		return err
	}
	if err := s.decide(ctx, stage.GrantAccess); err != nil {
		return err
	}
	return s.until(ctx, func(p control.Client) bool {
		status, err := p.Status(ctx)
		return err == nil && status.OnAir
	})
}
