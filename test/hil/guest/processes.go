package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"

	"podium/test/hil/guestapi"
)

// processes are the programs that go on under a name.
type processes struct {
	mu    sync.Mutex
	named map[string]*process
}

type process struct {
	cmd  *exec.Cmd
	done chan struct{} // closed when the process has ended

	mu    sync.Mutex
	out   bytes.Buffer
	ended time.Duration
}

func (p *process) Write(text []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.out.Write(text)
}

// Run runs a command to its end.
func (g *Guest) Run(c guestapi.Command, out *guestapi.Outcome) error {
	if len(c.Args) == 0 {
		return errors.New("no command")
	}
	if c.Timeout == 0 {
		c.Timeout = time.Minute
	}
	ctx, cancel := context.WithTimeout(context.Background(), c.Timeout)
	defer cancel()
	cmd := command(ctx, c)
	var stdout, stderr bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(c.Stdin), &stdout, &stderr
	begun := time.Now()
	err := cmd.Run()
	*out = guestapi.Outcome{Exit: exitCode(cmd), Stdout: stdout.String(), Stderr: stderr.String(), Took: time.Since(begun)}
	if out.Exit == -1 {
		out.Stderr += fmt.Sprintf("(%v)", err)
	}
	return nil
}

// Start starts a process under a name; one that ended may be started again.
func (g *Guest) Start(s guestapi.Start, pid *int) error {
	g.processes.mu.Lock()
	defer g.processes.mu.Unlock()
	if old := g.processes.named[s.Name]; old != nil && old.running() {
		return fmt.Errorf("%s runs already", s.Name)
	}
	p := &process{cmd: command(context.Background(), s.Command), done: make(chan struct{})}
	p.cmd.Stdout, p.cmd.Stderr = p, p
	if err := p.cmd.Start(); err != nil {
		return fmt.Errorf("cannot start %s: %w", s.Name, err)
	}
	*pid = p.cmd.Process.Pid
	if g.processes.named == nil {
		g.processes.named = map[string]*process{}
	}
	g.processes.named[s.Name] = p
	go g.await(p)
	return nil
}

func (g *Guest) await(p *process) {
	// How it ended is read from its state; the error says the same.
	_ = p.cmd.Wait()
	p.mu.Lock()
	p.ended = g.clock.now()
	p.mu.Unlock()
	close(p.done)
}

// Signal sends a signal to a named process.
func (g *Guest) Signal(s guestapi.Signal, _ *guestapi.None) error {
	p, err := g.processes.find(s.Name)
	if err != nil {
		return err
	}
	return p.cmd.Process.Signal(syscall.Signal(s.Number))
}

// Process tells how a named process is.
func (g *Guest) Process(name string, state *guestapi.Process) error {
	p, err := g.processes.find(name)
	if err != nil {
		return err
	}
	running := p.running()
	p.mu.Lock()
	defer p.mu.Unlock()
	*state = guestapi.Process{PID: p.cmd.Process.Pid, Running: running, Output: p.out.String(), Ended: p.ended}
	if !running {
		state.Exit = exitCode(p.cmd)
	}
	return nil
}

func (ps *processes) find(name string) (*process, error) {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	p := ps.named[name]
	if p == nil {
		return nil, fmt.Errorf("no process was started as %q", name)
	}
	return p, nil
}

func (ps *processes) killAll() {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	for _, p := range ps.named {
		if p.running() {
			_ = p.cmd.Process.Kill()
			<-p.done
		}
	}
}

func (p *process) running() bool {
	select {
	case <-p.done:
		return false
	default:
		return true
	}
}

func command(ctx context.Context, c guestapi.Command) *exec.Cmd {
	cmd := exec.CommandContext(ctx, c.Args[0], c.Args[1:]...)
	cmd.Env = append(append([]string{}, standardEnv...), c.Env...)
	cmd.WaitDelay = 2 * time.Second
	return cmd
}

// exitCode is -1 for a process that a signal ended or that never started.
func exitCode(cmd *exec.Cmd) int {
	if cmd.ProcessState == nil {
		return -1
	}
	return cmd.ProcessState.ExitCode()
}
