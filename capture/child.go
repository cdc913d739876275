package capture

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"
	"unicode"

	"podium/capture/internal/annexb"
)

const (
	// childSilence is for how long a program may give no picture until it is ended and
	// started anew.
	childSilence = 4 * time.Second
	// childGrace is how long it has to end by itself after SIGTERM; then comes SIGKILL.
	childGrace = 300 * time.Millisecond
	// The pause before it is started anew, doubled each time it gave nothing.
	firstRestart = 250 * time.Millisecond
	lastRestart  = 5 * time.Second
)

// child is a program that writes H.264 in Annex B form on its standard output, such as
// rpicam-vid. It runs from start to Close, and is started anew when it ends or falls
// silent.
type child struct {
	command []string
	log     *slog.Logger
	units   chan encodedUnit
	stop    chan struct{}
	once    sync.Once
	ended   chan struct{}

	mu      sync.Mutex // guards the three below
	trouble error
	said    string // its last line on standard error
	profile string
}

// Units gives the access units as they come.
func (c *child) Units() <-chan encodedUnit { return c.units }

// Stopped is closed by Close.
func (c *child) Stopped() <-chan struct{} { return c.stop }

// RequestKeyframe does nothing: a program cannot be asked.
func (c *child) RequestKeyframe() {}

// startChild starts the program. One that cannot be found is an error.
func startChild(command []string, log *slog.Logger) (*child, error) {
	if _, err := exec.LookPath(command[0]); err != nil {
		return nil, fmt.Errorf("cannot run the camera's program: %w", err)
	}
	c := &child{command: command, log: log.With("program", filepath.Base(command[0])),
		units: make(chan encodedUnit, unitQueue), stop: make(chan struct{}), ended: make(chan struct{})}
	go c.supervise()
	return c, nil
}

// supervise runs the program again and again. The kernel ends a program together with
// the thread that started it (PR_SET_PDEATHSIG, prctl(2)), also after SIGKILL of this
// process: so that thread is kept.
func (c *child) supervise() {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer close(c.ended)
	for pause := firstRestart; ; pause = min(2*pause, lastRestart) {
		began := time.Now()
		gave, err := c.run()
		if c.isStopped() {
			return
		}
		if gave {
			pause = firstRestart
		}
		c.fail(err)
		c.log.Error("the camera's program failed; it is started anew", "err", c.Trouble(), "ran", time.Since(began), "in", pause)
		select {
		case <-c.stop:
			return
		case <-time.After(pause):
		}
	}
}

// run is one run of the program; gave: it gave a picture.
func (c *child) run() (gave bool, err error) {
	cmd := exec.Command(c.command[0], c.command[1:]...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return false, err
	}
	words, err := cmd.StderrPipe()
	if err != nil {
		return false, err
	}
	if err := cmd.Start(); err != nil {
		return false, err
	}
	c.log.Info("the camera's program runs", "pid", cmd.Process.Pid)
	var readers sync.WaitGroup
	readers.Go(func() { c.listen(words) })
	fresh := make(chan struct{}, 1)
	var reading error
	over := make(chan struct{})
	readers.Go(func() {
		defer close(over)
		reading = c.read(out, fresh)
	})
	ending := c.watch(fresh, over, &gave)
	c.end(cmd.Process.Pid, over)
	readers.Wait()
	waited := cmd.Wait()
	switch {
	case ending != nil:
		return gave, ending
	case reading != nil && !errors.Is(reading, io.EOF):
		return gave, reading
	case waited != nil:
		return gave, waited
	}
	return gave, errors.New("it ended by itself")
}

// watch waits until the program has to be ended, or has ended; the error says why.
func (c *child) watch(fresh, over <-chan struct{}, gave *bool) error {
	limit := time.NewTimer(childSilence)
	defer limit.Stop()
	for {
		select {
		case <-c.stop:
			return nil
		case <-over:
			return nil
		case <-fresh:
			*gave = true
			limit.Reset(childSilence)
		case <-limit.C:
			return fmt.Errorf("it has given no picture for %s", childSilence)
		}
	}
}

// end ends the program's whole group: first politely.
func (c *child) end(pid int, over <-chan struct{}) {
	_ = syscall.Kill(-pid, syscall.SIGTERM) // it may have ended by itself
	select {
	case <-over:
	case <-time.After(childGrace):
	}
	_ = syscall.Kill(-pid, syscall.SIGKILL)
}

// read reads the picture until the stream ends.
func (c *child) read(out io.Reader, fresh chan<- struct{}) error {
	var s annexb.Splitter
	buf := make([]byte, 64<<10)
	lost := true // until a keyframe: a stream begins with one, and after a loss one is needed
	for {
		n, err := out.Read(buf)
		units, bad := s.Write(buf[:n])
		now := time.Now()
		for _, u := range units {
			if lost = lost && !u.IDR; lost {
				continue
			}
			select {
			case c.units <- encodedUnit{u, now}:
			default: // the reader is late: what is here makes no sense without what was dropped
				lost = true
			}
			select {
			case fresh <- struct{}{}:
			default:
			}
		}
		if len(units) > 0 {
			c.note(&s)
		}
		if err = errors.Join(bad, err); err != nil {
			return err
		}
	}
}

// note clears the trouble, and says once which profile the picture has.
func (c *child) note(s *annexb.Splitter) {
	profile, constraints, ok := s.Profile()
	name := fmt.Sprintf("%d/%#02x", profile, constraints)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.trouble = nil
	if !ok || c.profile == name {
		return
	}
	c.profile = name
	if profile == 66 {
		c.log.Info("the picture's profile", "profile", name)
		return
	}
	c.log.Warn("the picture is not H.264 baseline, which every browser shows; most show this one too, and without B pictures it is not late: give the program its option for baseline", "profile", name)
}

// listen keeps the program's last line on standard error, and logs all.
func (c *child) listen(words io.Reader) {
	lines := bufio.NewScanner(words)
	lines.Buffer(make([]byte, 4<<10), 4<<10)
	for lines.Scan() {
		line := strings.TrimSpace(strings.Map(func(r rune) rune {
			if !unicode.IsPrint(r) {
				return ' '
			}
			return r
		}, lines.Text()))
		if line == "" {
			continue
		}
		c.log.Debug("the camera's program says", "line", line)
		c.mu.Lock()
		c.said = line
		c.mu.Unlock()
	}
	_, _ = io.Copy(io.Discard, words) // a line too long ends the scan, not the program
}

func (c *child) fail(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	text := fmt.Sprintf("the camera's program %s failed: %v", filepath.Base(c.command[0]), err)
	if c.said != "" {
		text += "; it last said: " + c.said
	}
	c.trouble = errors.New(text)
}

// Trouble tells why there is no picture; nil: there is one, or it is about to come.
func (c *child) Trouble() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.trouble
}

func (c *child) isStopped() bool {
	select {
	case <-c.stop:
		return true
	default:
		return false
	}
}

// Close ends the program and waits for its end.
func (c *child) Close() error {
	c.once.Do(func() { close(c.stop) })
	<-c.ended
	return nil
}
