package ring

import (
	"fmt"
	"io"
)

// Config says which ring there is.
type Config struct {
	Device     string // "/dev/spidev0.0"
	LEDs       int    // lamps in the chain, 1 to 144
	Brightness int    // 1 to 31, of all
}

// Lit is which of the panel's lamps are lit.
type Lit struct {
	Red, Green, Yellow bool
	// Count is how many lamps of the ring show green, from the first; 0, or more than
	// there are: all.
	Count int
}

// Ring is a chain of lamps. It belongs to one goroutine.
type Ring struct {
	wire   io.WriteCloser
	config Config
	frame  []byte
}

// Open opens the device and puts all lamps out. Its errors name the device.
func Open(c Config) (*Ring, error) {
	wire, err := openSPI(c.Device)
	if err != nil {
		return nil, err
	}
	r, err := newRing(wire, c)
	if err != nil {
		_ = wire.Close() // nothing was written
		return nil, err
	}
	return r, r.Show(Lit{})
}

func newRing(wire io.WriteCloser, c Config) (*Ring, error) {
	if c.LEDs < 1 || c.LEDs > 144 || c.Brightness < 1 || c.Brightness > 31 {
		return nil, fmt.Errorf("cannot drive a ring of %d lamps at brightness %d: there may be 1 to 144, and 1 to 31", c.LEDs, c.Brightness)
	}
	return &Ring{wire: wire, config: c}, nil
}

// colour is what an APA102 shows, 8 bits each.
type colour struct{ red, green, blue byte }

// colourOf gives the colour of the ring, and how many lamps of leds have it. It mixes
// nothing: red is live and comes first, whatever else is lit, and takes the whole ring.
func colourOf(l Lit, leds int) (c colour, lit int) {
	switch {
	case l.Red:
		return colour{red: 255}, leds
	case l.Green && l.Count > 0:
		return colour{green: 255}, min(l.Count, leds)
	case l.Green:
		return colour{green: 255}, leds
	case l.Yellow:
		return colour{red: 255, green: 110}, leds
	}
	return colour{}, leds
}

// Show lights the ring in the colour of what is lit.
func (r *Ring) Show(l Lit) error {
	c, lit := colourOf(l, r.config.LEDs)
	r.frame = encode(r.frame[:0], c, lit, r.config)
	if _, err := r.wire.Write(r.frame); err != nil {
		return fmt.Errorf("cannot write to the ring of lamps at %s: %w", r.config.Device, err)
	}
	return nil
}

// encode appends the bits of one frame with so many lamps lit, APA102C data sheet (APA Electronic, 2014): 32
// zeros; for each lamp 111, five bits of brightness, blue, green and red; and clock
// pulses until the last lamp has its bits, half a bit for each lamp. They are zeros here,
// which an SK9822 needs 32 of and an APA102 does not mind.
func encode(frame []byte, c colour, lit int, config Config) []byte {
	frame = append(frame, 0, 0, 0, 0)
	for i := range config.LEDs {
		if i == lit {
			c = colour{}
		}
		frame = append(frame, 0xe0|byte(config.Brightness), c.blue, c.green, c.red)
	}
	for range 4 + (config.LEDs+15)/16 {
		frame = append(frame, 0)
	}
	return frame
}

// Close puts all lamps out and closes the device.
func (r *Ring) Close() error {
	dark := r.Show(Lit{})
	if err := r.wire.Close(); err != nil {
		return err
	}
	return dark
}
