package header

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"periph.io/x/conn/v3/gpio"
	"periph.io/x/host/v3/gpioioctl"
)

// Pull is a line's resistor inside the chip.
type Pull string

// The resistors. The zero value leaves the line as it is.
const (
	PullUp   Pull = "up"
	PullDown Pull = "down"
	PullNone Pull = ""
)

// Input is a line to be watched.
type Input struct {
	Line string
	Pull Pull
}

// Edge is a change of level.
type Edge struct {
	Line int  // the place of the line in the request
	High bool // the level after it
}

// Inputs are lines that are watched together. All but the making belongs to one
// goroutine.
type Inputs interface {
	// Wait waits for the next edge of any line, at most for the time given, which
	// must be above 0. ok is false when none came. The kernel keeps at least 16
	// edges a line and then forgets the oldest, so Levels has the last word.
	Wait(atMost time.Duration) (edge Edge, ok bool, err error)
	// Levels reads the lines now, in the order of the request; true is high.
	Levels() ([]bool, error)
	// Close releases the lines.
	Close() error
}

// Inputs requests lines for reading, with both edges. From then on nobody else
// can have them. An error names the line; a busy one is unix.EBUSY.
func (h *Header) Inputs(want ...Input) (Inputs, error) {
	config := gpioioctl.LineSetConfig{DefaultDirection: gpioioctl.LineInput, DefaultEdge: gpio.BothEdges, DefaultPull: gpio.PullNoChange}
	in := &inputs{}
	var names []string
	for _, w := range want {
		line, err := h.find(w.Line)
		if err != nil {
			return nil, err
		}
		in.offsets = append(in.offsets, line.Number())
		names = append(names, w.Line)
		config.Lines = append(config.Lines, line.Name())
		if w.Pull == PullNone {
			continue
		}
		if err := config.AddOverrides(gpioioctl.LineInput, gpio.BothEdges, pulls[w.Pull], line.Name()); err != nil {
			return nil, err
		}
	}
	set, err := h.chip.LineSetFromConfig(&config)
	if err != nil {
		return nil, h.refusal(names, err)
	}
	in.set, in.name = set, fmt.Sprintf("%s of %s", strings.Join(names, ", "), h)
	return in, nil
}

var pulls = map[Pull]gpio.Pull{PullUp: gpio.PullUp, PullDown: gpio.PullDown, PullNone: gpio.PullNoChange}

type inputs struct {
	set     *gpioioctl.LineSet
	offsets []int
	name    string
}

func (in *inputs) Wait(atMost time.Duration) (Edge, bool, error) {
	// For periph 0 is for ever.
	offset, edge, err := in.set.WaitForEdge(max(atMost, time.Millisecond))
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return Edge{}, false, nil
	}
	if err != nil {
		return Edge{}, false, fmt.Errorf("cannot watch %s: %w", in.name, err)
	}
	line := slices.Index(in.offsets, offset)
	if line < 0 || edge == gpio.NoEdge {
		return Edge{}, false, fmt.Errorf("cannot watch %s: the kernel tells of an edge %v of line number %d", in.name, edge, offset)
	}
	return Edge{line, edge == gpio.RisingEdge}, true, nil
}

func (in *inputs) Levels() ([]bool, error) {
	bits, err := in.set.Read(0)
	if err != nil {
		return nil, fmt.Errorf("cannot read %s: %w", in.name, err)
	}
	levels := make([]bool, len(in.offsets))
	for i := range levels {
		levels[i] = bits>>i&1 == 1
	}
	return levels, nil
}

func (in *inputs) Close() error { return in.set.Close() }
