package leds

import (
	"errors"
	"fmt"

	"podium/hw/header"
)

// line is one lamp's line and what was written to it last.
type line struct {
	name string
	wire Lamp
	out  header.Output
	lit  bool
}

// openLine requests a line that no other lamp has; taken tells who has which.
func openLine(h Header, name string, wire Lamp, taken map[string]string) (*line, error) {
	if wire.Line == "" {
		return nil, fmt.Errorf("cannot open the %s lamp: no line is given for it", name)
	}
	if other := taken[wire.Line]; other != "" {
		return nil, fmt.Errorf("cannot open the %s lamp: line %s is the %s lamp's", name, wire.Line, other)
	}
	taken[wire.Line] = name
	out, err := h.Output(wire.Line, wire.ActiveLow)
	if err != nil {
		return nil, fmt.Errorf("cannot open the %s lamp: %w", name, err)
	}
	return &line{name: name, wire: wire, out: out}, nil
}

// light writes only changes.
func (l *line) light(lit bool) error {
	if lit == l.lit {
		return nil
	}
	if err := l.out.Set(lit != l.wire.ActiveLow); err != nil {
		return fmt.Errorf("the %s lamp failed: %w", l.name, err)
	}
	l.lit = lit
	return nil
}

// close writes the off level whatever was written before: after a failure nobody
// knows what the line shows.
func (l *line) close() error {
	var errs []error
	if err := l.out.Set(l.wire.ActiveLow); err != nil {
		errs = append(errs, fmt.Errorf("cannot put the %s lamp out: %w", l.name, err))
	}
	if err := l.out.Close(); err != nil {
		errs = append(errs, fmt.Errorf("cannot release the %s lamp: %w", l.name, err))
	}
	return errors.Join(errs...)
}
