package header

import (
	"fmt"

	"periph.io/x/conn/v3/gpio"
	"periph.io/x/host/v3/gpioioctl"
)

// Output is a line that is driven. It cannot be read: with this driver a read
// would turn it into an input.
type Output interface {
	// Set drives the line high or low.
	Set(high bool) error
	// Close releases the line and leaves its level alone.
	Close() error
}

// Output requests a line for driving, with its first level. Between the two it is
// low for some microseconds. An error names the line; a busy one is unix.EBUSY.
func (h *Header) Output(name string, high bool) (Output, error) {
	line, err := h.find(name)
	if err != nil {
		return nil, err
	}
	set, err := h.chip.LineSet(gpioioctl.LineOutput, gpio.NoEdge, gpio.PullNoChange, line.Name())
	if err != nil {
		return nil, h.refusal([]string{name}, err)
	}
	out := &output{set, fmt.Sprintf("%s of %s", name, h)}
	if err := out.Set(high); err != nil {
		_ = set.Close() // the first error says more
		return nil, err
	}
	return out, nil
}

type output struct {
	set  *gpioioctl.LineSet
	name string
}

func (o *output) Set(high bool) error {
	var bits gpio.GPIOValue
	if high {
		bits = 1
	}
	if err := o.set.Out(bits, 1); err != nil {
		return fmt.Errorf("cannot drive line %s: %w", o.name, err)
	}
	return nil
}

func (o *output) Close() error { return o.set.Close() }
