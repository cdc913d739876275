package header

import (
	"fmt"
	"strings"

	"periph.io/x/host/v3/gpioioctl"
)

// Line is what the kernel says about one line of the header.
type Line struct {
	Name   string
	Offset int    // the line's number on its chip; no pin number
	Used   bool   // somebody holds it: a process, a driver or an overlay
	Holder string // "podium@812" (name and process id) for periph's users; may be empty
}

// Line finds a line by name and asks the kernel who holds it. It does not
// request it.
func (h *Header) Line(name string) (Line, error) {
	line, err := h.find(name)
	if err != nil {
		return Line{}, err
	}
	state, err := readLineInfo(h.chip.Path(), line.Number())
	if err != nil {
		return Line{}, fmt.Errorf("cannot ask about line %s of %s: %w", name, h, err)
	}
	state.Name = name
	return state, nil
}

// find looks a line up. Where a name is on two chips or twice on one, periph
// renames the later ones "CHIP-NAME"; those are found too.
func (h *Header) find(name string) (*gpioioctl.GPIOLine, error) {
	if line := h.chip.ByName(name); line != nil && name != "" {
		return line, nil
	}
	if line := h.chip.ByName(h.chip.Name() + "-" + name); line != nil {
		return line, nil
	}
	names := make([]string, 0, h.chip.LineCount())
	for _, line := range h.chip.Lines() {
		names = append(names, line.Name())
	}
	return nil, fmt.Errorf("no line %q on %s; %s", name, h, suggestion(name, names))
}

// suggestion helps a person who wrote a name that is not there.
func suggestion(name string, there []string) string {
	var named []string
	for _, candidate := range there {
		if strings.EqualFold(candidate, name) || strings.EqualFold(candidate, "GPIO"+name) {
			return fmt.Sprintf("is %q meant?", candidate)
		}
		if candidate != "" && candidate != "-" && candidate != "_" {
			named = append(named, candidate)
		}
	}
	if len(named) == 0 {
		return "its lines have no names: the kernel or device tree is not a Raspberry Pi's"
	}
	return fmt.Sprintf("its %d named lines are: %s", len(named), strings.Join(named, " "))
}
