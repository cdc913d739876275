package kit

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// shortLease is one that a test can wait for.
const shortLease = 2 * time.Second

// startTime is how long the service may take to answer on a busy machine.
const startTime = 60 * time.Second

// service is a stage service as a process of its own.
type service struct {
	t      *testing.T
	base   string // http://127.0.0.1:PORT
	binary string
	config string
	end    func()
	signal func(syscall.Signal)
}

// startStage builds the command and runs the service until the test ends.
func startStage(t *testing.T, lease time.Duration, origins ...string) *service {
	t.Helper()
	dir := t.TempDir()
	binary, err := command()
	if err != nil {
		t.Fatal(err)
	}
	s := &service{t: t, binary: binary, config: filepath.Join(dir, "stage.yaml")}
	key := make([]byte, 32)
	_, _ = rand.Read(key)
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	listen := freeAddress(t)
	s.base = "http://" + listen
	write("stage.key", base64.StdEncoding.EncodeToString(key))
	write("stage.yaml", fmt.Sprintf("listen: %s\nmediaListen: 127.0.0.1:0\nkeyFile: stage.key\nlease: %s\norigins: [%s]\n",
		listen, lease, strings.Join(origins, ", ")))
	s.start()
	t.Cleanup(func() { s.end() })
	return s
}

// freeAddress is one that nobody listens at just now.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// start runs the process and waits until it serves.
func (s *service) start() {
	s.t.Helper()
	logs, err := os.OpenFile(filepath.Join(outputDir(s.t), s.t.Name()+".log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		s.t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, s.binary, "stage", "--config", s.config)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 20 * time.Second
	cmd.Dir, cmd.Stdout, cmd.Stderr = filepath.Dir(s.config), logs, logs
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.signal = func(sig syscall.Signal) {
		if err := cmd.Process.Signal(sig); err != nil {
			s.t.Error(err)
		}
	}
	s.end = func() {
		stop()
		if err := cmd.Wait(); err != nil && cmd.ProcessState.ExitCode() != 0 {
			s.t.Errorf("the stage did not end cleanly on SIGTERM: %v; see %s", err, logs.Name())
		}
		_ = logs.Close()
		s.end = func() {}
	}
	client := http.Client{Timeout: time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	deadline, look := time.After(startTime), time.NewTicker(20*time.Millisecond)
	defer look.Stop()
	for {
		answer, err := client.Get(s.base + "/healthz")
		if err == nil {
			_ = answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return
			}
		}
		select {
		case <-look.C:
		case <-deadline:
			s.t.Fatalf("the stage does not answer at %s: %v; see %s", s.base, err, logs.Name())
		}
	}
}

// token makes a participant's token, the way an operator does.
func (s *service) token(meeting, user, name, preset string) string {
	s.t.Helper()
	out, err := exec.Command(s.binary, "token", "--config", s.config,
		"--meeting", meeting, "--user", user, "--name", name, "--preset", preset).Output()
	if err != nil {
		s.t.Fatalf("cannot make a token for %s: %v", user, err)
	}
	return strings.TrimSpace(string(out))
}
