package ledstest

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"podium/hw/header"
)

// Change is a line's new level.
type Change struct {
	At   time.Time
	High bool
}

// Header meets leds.Header. The zero value is ready. Safe for use from several
// goroutines.
type Header struct {
	mu      sync.Mutex
	held    map[string]bool
	changes map[string][]Change
	failure map[string]error
}

// High reports a line's last level; a line that was never driven is low.
func (h *Header) High(line string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.high(line)
}

// Held reports whether somebody has requested the line and not released it.
func (h *Header) Held(line string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.held[line]
}

// Changes tells what a line did so far, its first level included.
func (h *Header) Changes(line string) []Change {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.changes[line])
}

// Fail makes every request and every level of a line fail from now on; nil makes
// it work again.
func (h *Header) Fail(line string, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.failure == nil {
		h.failure = map[string]error{}
	}
	h.failure[line] = err
}

// Output requests a line.
func (h *Header) Output(line string, high bool) (header.Output, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if err := h.failure[line]; err != nil {
		return nil, fmt.Errorf("cannot use line %s: %w", line, err)
	}
	if h.held[line] {
		return nil, fmt.Errorf("cannot use line %s: requested already", line)
	}
	if h.held == nil {
		h.held, h.changes = map[string]bool{}, map[string][]Change{}
	}
	h.held[line] = true
	h.changes[line] = append(h.changes[line], Change{time.Now(), high})
	return &output{h, line}, nil
}

func (h *Header) high(line string) bool {
	all := h.changes[line]
	return len(all) > 0 && all[len(all)-1].High
}

type output struct {
	header *Header
	line   string
}

func (o *output) Set(high bool) error {
	o.header.mu.Lock()
	defer o.header.mu.Unlock()
	if !o.header.held[o.line] {
		return errors.New("line " + o.line + " is driven after its release")
	}
	if err := o.header.failure[o.line]; err != nil {
		return fmt.Errorf("cannot drive line %s: %w", o.line, err)
	}
	if o.header.high(o.line) != high {
		o.header.changes[o.line] = append(o.header.changes[o.line], Change{time.Now(), high})
	}
	return nil
}

func (o *output) Close() error {
	o.header.mu.Lock()
	defer o.header.mu.Unlock()
	delete(o.header.held, o.line)
	return nil
}
