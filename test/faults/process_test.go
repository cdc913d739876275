//go:build faults

package faults

import (
	"bytes"
	"context"
	"errors"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// process is one run of the command.
type process struct {
	name string
	cmd  *exec.Cmd
	log  *logbook
	over chan struct{} // closed when it has ended
}

// start starts the command inside a namespace. What it says goes to the book.
func start(t *testing.T, n *namespace, book *logbook, env []string, args ...string) *process {
	t.Helper()
	p := &process{name: args[0], cmd: exec.Command(binary(t), args...), log: book, over: make(chan struct{})}
	p.cmd.Env = append(p.cmd.Environ(), env...)
	p.cmd.Stdout, p.cmd.Stderr = book, book
	if err := n.start(p.cmd); err != nil {
		t.Fatalf("cannot start podium %s: %v", p.name, err)
	}
	book.note("started podium " + strings.Join(args, " "))
	go func() {
		err := p.cmd.Wait()
		book.note("ended: " + outcome(err))
		close(p.over)
	}()
	return p
}

func outcome(err error) string {
	if err == nil {
		return "exit status 0"
	}
	return err.Error()
}

// signal sends a signal, to a process that may have ended.
func (p *process) signal(s syscall.Signal) {
	p.log.note("sent " + s.String())
	_ = p.cmd.Process.Signal(s)
}

// ended waits for the end.
func (p *process) ended(ctx context.Context, within time.Duration) error {
	select {
	case <-p.over:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(within):
		return errors.New("podium " + p.name + " does not end")
	}
}

// kill ends it whatever it is at, and waits.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	<-p.over
}

func (p *process) running() bool {
	select {
	case <-p.over:
		return false
	default:
		return true
	}
}

// logbook keeps what processes say, with what was done to them in between.
type logbook struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *logbook) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *logbook) note(what string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.text.WriteString(time.Now().Format("--- 15:04:05.000 ") + what + "\n")
}

// last gives the last lines, without the stacks of an aborted process.
func (b *logbook) last(lines int) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var all []string
	for line := range strings.Lines(b.text.String()) {
		if begins.MatchString(line) {
			all = append(all, line)
		}
	}
	return strings.Join(all[max(0, len(all)-lines):], "")
}

var begins = regexp.MustCompile(`^(---|time=|podium:|panic:|fatal error:)`)
