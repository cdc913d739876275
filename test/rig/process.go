package rig

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Process is one run of a command.
type Process struct {
	cmd  *exec.Cmd
	log  tail
	over chan struct{} // closed when it has ended
}

// Start starts a command. What it writes is kept for Log, as far as it is the last.
func Start(binary string, args ...string) (*Process, error) {
	return StartCommand(exec.Command(binary, args...))
}

// StartCommand is Start for a command that needs a folder or an environment of its own.
func StartCommand(cmd *exec.Cmd) (*Process, error) {
	p := &Process{cmd: cmd, over: make(chan struct{})}
	p.cmd.Stdout, p.cmd.Stderr = &p.log, &p.log
	// An interrupt at the terminal is for who started it, who ends it in order.
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("cannot start %s: %w", cmd.Path, err)
	}
	go func() {
		_ = p.cmd.Wait() // how it ended stands in ProcessState
		close(p.over)
	}()
	return p, nil
}

// PID is the process's number.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Over is closed when the process has ended.
func (p *Process) Over() <-chan struct{} { return p.over }

// Log gives the last that the process wrote. What the H.264 encoder says of each
// opening is left out.
func (p *Process) Log() string {
	var text strings.Builder
	for line := range strings.Lines(p.log.String()) {
		if !strings.HasPrefix(line, "[OpenH264]") {
			text.WriteString(line)
		}
	}
	return text.String()
}

// Signal sends a signal and gives the moment just before.
func (p *Process) Signal(s os.Signal) (time.Time, error) {
	at := time.Now()
	return at, p.cmd.Process.Signal(s)
}

// End ends the process with SIGTERM, and with SIGKILL when that takes longer than
// within. Then, and when it had failed, it is an error.
func (p *Process) End(within time.Duration) error {
	if _, err := p.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	select {
	case <-p.over:
	case <-time.After(within):
		_ = p.cmd.Process.Kill()
		<-p.over
		return fmt.Errorf("%s did not end within %s:\n%s", p.cmd.Path, within, p.Log())
	}
	if !p.cmd.ProcessState.Success() {
		return fmt.Errorf("%s ended with %s:\n%s", p.cmd.Path, p.cmd.ProcessState, p.Log())
	}
	return nil
}

// Kill ends the process with SIGKILL, if it runs, and waits.
func (p *Process) Kill() {
	_ = p.cmd.Process.Kill()
	<-p.over
}

// tail keeps the last bytes that are written to it.
type tail struct {
	mu   sync.Mutex
	last []byte
}

const tailLength = 64 << 10

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.last = append(t.last, p...)
	if over := len(t.last) - tailLength; over > 0 {
		t.last = append(t.last[:0], t.last[over:]...)
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.last)
}
