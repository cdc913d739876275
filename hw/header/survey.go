package header

import "fmt"

// Chip is a GPIO chip of this machine, with its lines as the kernel has them now.
type Chip struct {
	Name  string // "gpiochip0"
	Label string // "pinctrl-rp1"
	Lines []Line // in the order of their numbers
}

// Survey lists the GPIO chips that this process may open. It requests no line.
func Survey() ([]Chip, error) {
	chips, err := machineChips()
	if err != nil {
		return nil, fmt.Errorf("cannot list the GPIO chips: %w", err)
	}
	var all []Chip
	for _, chip := range chips {
		c := Chip{Name: chip.Name(), Label: chip.Label()}
		for _, line := range chip.Lines() {
			state, err := readLineInfo(chip.Path(), line.Number())
			if err != nil {
				return nil, fmt.Errorf("cannot list the GPIO chips: %w", err)
			}
			c.Lines = append(c.Lines, state)
		}
		all = append(all, c)
	}
	return all, nil
}
