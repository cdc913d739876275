package buttonstest

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"podium/hw/header"
)

// Header meets buttons.Header. Its lines come into being when they are named; the
// zero value is ready. Safe for use from several goroutines.
type Header struct {
	mu      sync.Mutex
	driven  map[string]bool        // levels from outside
	pulls   map[string]header.Pull // of the requested lines
	holders map[string]*inputs     // of the requested lines
	refuse  map[string]error       // what Inputs answers
}

// Drive sets a line's level from outside, as a wire does. It can be done before
// the line is requested.
func (h *Header) Drive(line string, high bool) { h.drive(line, high, true) }

// DriveUnseen sets a level and loses the edge.
func (h *Header) DriveUnseen(line string, high bool) { h.drive(line, high, false) }

// Bounce drives a line to and fro n times and leaves it at the level given.
func (h *Header) Bounce(line string, high bool, n int) {
	for range n {
		h.Drive(line, high)
		h.Drive(line, !high)
	}
	h.Drive(line, high)
}

// Refuse makes requests of a line fail.
func (h *Header) Refuse(line string, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.refuse == nil {
		h.refuse = map[string]error{}
	}
	h.refuse[line] = err
}

// Break makes the waits and reads of the requested lines fail from now on, as when
// their chip is unplugged.
func (h *Header) Break(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, in := range h.holders {
		in.failure = err
		in.wake()
	}
}

// Held reports whether somebody has requested the line and not released it.
func (h *Header) Held(line string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.holders[line] != nil
}

// Pull tells which resistor the line was requested with.
func (h *Header) Pull(line string) header.Pull {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.pulls[line]
}

// Inputs requests lines.
func (h *Header) Inputs(want ...header.Input) (header.Inputs, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, w := range want {
		if err := h.refuse[w.Line]; err != nil {
			return nil, fmt.Errorf("cannot use line %s: %w", w.Line, err)
		}
		if h.holders[w.Line] != nil {
			return nil, fmt.Errorf("cannot use line %s: requested already", w.Line)
		}
	}
	if h.holders == nil {
		h.holders, h.pulls = map[string]*inputs{}, map[string]header.Pull{}
	}
	in := &inputs{header: h, woken: make(chan struct{}, 1)}
	for _, w := range want {
		in.lines = append(in.lines, w.Line)
		h.holders[w.Line], h.pulls[w.Line] = in, w.Pull
	}
	return in, nil
}

// high is a line's level: what drives it, else its resistor. The mutex is held.
func (h *Header) high(line string) bool {
	if level, ok := h.driven[line]; ok {
		return level
	}
	return h.pulls[line] == header.PullUp
}

func (h *Header) drive(line string, high, seen bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	before := h.high(line)
	if h.driven == nil {
		h.driven = map[string]bool{}
	}
	h.driven[line] = high
	in := h.holders[line]
	if in == nil || !seen || before == high {
		return
	}
	in.queue = append(in.queue, header.Edge{Line: slices.Index(in.lines, line), High: high})
	if kept := 16 * len(in.lines); len(in.queue) > kept { // as the kernel does
		in.queue = in.queue[1:]
	}
	in.wake()
}

// inputs is guarded by its header's mutex.
type inputs struct {
	header  *Header
	lines   []string
	queue   []header.Edge
	failure error
	closed  bool
	woken   chan struct{}
}

func (in *inputs) wake() {
	select {
	case in.woken <- struct{}{}:
	default:
	}
}

func (in *inputs) Wait(atMost time.Duration) (header.Edge, bool, error) {
	if atMost <= 0 {
		return header.Edge{}, false, errors.New("a wait must have an end")
	}
	timeout := time.NewTimer(atMost)
	defer timeout.Stop()
	for {
		if edge, ok, err := in.take(); ok || err != nil {
			return edge, ok, err
		}
		select {
		case <-in.woken:
		case <-timeout.C:
			return header.Edge{}, false, nil
		}
	}
}

func (in *inputs) take() (edge header.Edge, ok bool, err error) {
	in.header.mu.Lock()
	defer in.header.mu.Unlock()
	if err := in.broken(); err != nil || len(in.queue) == 0 {
		return edge, false, err
	}
	edge, in.queue = in.queue[0], in.queue[1:]
	return edge, true, nil
}

func (in *inputs) Levels() ([]bool, error) {
	in.header.mu.Lock()
	defer in.header.mu.Unlock()
	levels := make([]bool, len(in.lines))
	for i, line := range in.lines {
		levels[i] = in.header.high(line)
	}
	return levels, in.broken()
}

func (in *inputs) broken() error {
	if in.closed {
		return errors.New("closed")
	}
	return in.failure
}

func (in *inputs) Close() error {
	in.header.mu.Lock()
	defer in.header.mu.Unlock()
	in.closed = true
	for _, line := range in.lines {
		delete(in.header.holders, line)
	}
	return nil
}
