package header

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"periph.io/x/host/v3/gpioioctl"
)

// DefaultChipLabels returns the labels of the header's chip on Raspberry Pis: 5, 4, and 3
// and before.
func DefaultChipLabels() []string {
	return []string{"pinctrl-rp1", "pinctrl-bcm2711", "pinctrl-bcm2835"}
}

// Config says which chip the header is.
type Config struct {
	// ChipLabels are tried in this order; none means DefaultChipLabels.
	ChipLabels []string
}

// Header is the chip whose lines are on the pin header. Its methods may be called
// from several goroutines.
type Header struct {
	chip *gpioioctl.GPIOChip
}

// Open finds the header's chip. It requests no line. The chip's device file stays
// open until the process ends, as periph wants it.
func Open(c Config) (*Header, error) {
	labels := c.ChipLabels
	if len(labels) == 0 {
		labels = DefaultChipLabels()
	}
	chips, err := machineChips()
	if err != nil {
		return nil, fmt.Errorf("cannot open the pin header: %w", err)
	}
	there := make([]string, len(chips))
	for i, chip := range chips {
		there[i] = chip.Label()
	}
	found := choose(labels, there)
	if found < 0 {
		return nil, fmt.Errorf("cannot open the pin header: no GPIO chip labelled %s; %s",
			strings.Join(labels, ", "), presence(there, unreadable(chips)))
	}
	return &Header{chips[found]}, nil
}

// choose returns the place in there of the first label that is there, or -1.
func choose(labels, there []string) int {
	for _, label := range labels {
		if i := slices.Index(there, label); i >= 0 {
			return i
		}
	}
	return -1
}

// presence tells a person what chips there are, and why some are not.
func presence(labels []string, unreadable []error) string {
	var parts []string
	if len(labels) > 0 {
		parts = append(parts, "there are: "+strings.Join(labels, ", "))
	}
	for _, err := range unreadable {
		part := "cannot look at one: " + err.Error()
		if os.IsPermission(err) {
			part += " (is this user in the group that owns it, usually gpio?)"
		}
		parts = append(parts, part)
	}
	if len(parts) == 0 {
		return "this machine has no /dev/gpiochip*"
	}
	return strings.Join(parts, "; ")
}

// unreadable returns why device files of GPIO chips cannot be opened. periph only
// logs that.
func unreadable(chips []*gpioioctl.GPIOChip) []error {
	files, _ := filepath.Glob("/dev/gpiochip*")
	var errs []error
	for _, file := range files {
		if slices.ContainsFunc(chips, func(c *gpioioctl.GPIOChip) bool { return c.Path() == file }) {
			continue
		}
		f, err := os.Open(file)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		f.Close()
	}
	return errs
}

// String names the chip for messages: "gpiochip0 (pinctrl-rp1)".
func (h *Header) String() string {
	return fmt.Sprintf("%s (%s)", h.chip.Name(), h.chip.Label())
}
