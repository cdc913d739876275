package sound

import (
	"fmt"
	"math"
)

// Channels says what is made of a microphone's channels.
type Channels string

// The choices.
const (
	AsIs   Channels = "auto"   // as the device gives them
	Mono   Channels = "mono"   // the mean of all
	Left   Channels = "left"   // the first alone
	Right  Channels = "right"  // the second alone; the first where there is one
	Stereo Channels = "stereo" // the first two; one given twice
)

// Settings shape the sound.
type Settings struct {
	Rate     int      // Hz
	In       int      // channels of the blocks that come
	Channels Channels // "" is AsIs
	HighPass float64  // Hz, -3 dB point; 0: none
	Gain     float64  // dB
}

// Chain processes blocks of interleaved 16-bit samples. Process belongs to one
// goroutine; Level may be asked by any.
type Chain struct {
	settings Settings
	out      int
	factor   float64
	filters  []biquad
	meter    meter
}

// New makes a chain. It fails for a choice that there is not, and for numbers that
// make no sense.
func New(s Settings) (*Chain, error) {
	c := &Chain{settings: s, factor: math.Pow(10, s.Gain/20)}
	switch s.Channels {
	case "", AsIs:
		c.settings.Channels, c.out = AsIs, s.In
	case Mono, Left, Right:
		c.out = 1
	case Stereo:
		c.out = 2
	default:
		return nil, fmt.Errorf("cannot choose the channels %q: there are auto, mono, left, right and stereo", s.Channels)
	}
	switch {
	case s.In < 1 || s.Rate < 8000:
		return nil, fmt.Errorf("cannot process sound of %d channels at %d Hz", s.In, s.Rate)
	case !(s.Gain >= -20 && s.Gain <= 40):
		return nil, fmt.Errorf("cannot amplify by %v dB: must be from -20 to 40", s.Gain)
	case s.HighPass != 0 && !(s.HighPass >= 20 && s.HighPass <= 500):
		return nil, fmt.Errorf("cannot filter below %v Hz: must be 0, or from 20 to 500", s.HighPass)
	}
	if s.HighPass > 0 {
		for range c.out {
			c.filters = append(c.filters, highPass(s.HighPass, float64(s.Rate)))
		}
	}
	c.meter.init(s.Rate, c.out)
	return c, nil
}

// Out is how many channels the blocks have afterwards.
func (c *Chain) Out() int { return c.out }

// Process turns a block into dst, which has Out samples for each In of src, and
// meters it. Samples beyond 16 bits are cut to them, never wrapped.
func (c *Chain) Process(dst, src []int16) {
	in, out := c.settings.In, c.out
	frames := min(len(src)/in, len(dst)/out)
	for i := range frames {
		frame := src[i*in : (i+1)*in]
		for ch := range out {
			v := c.pick(frame, ch)
			if c.filters != nil {
				v = c.filters[ch].step(v)
			}
			dst[i*out+ch] = clip(v * c.factor)
		}
	}
	c.meter.take(dst[:frames*out])
}

// pick takes one channel's sample out of a frame.
func (c *Chain) pick(frame []int16, ch int) float64 {
	switch c.settings.Channels {
	case Mono:
		sum := 0
		for _, v := range frame {
			sum += int(v)
		}
		return float64(sum) / float64(len(frame))
	case Left:
		return float64(frame[0])
	case Right:
		return float64(frame[min(1, len(frame)-1)])
	default:
		return float64(frame[min(ch, len(frame)-1)])
	}
}

func clip(v float64) int16 {
	return int16(math.Round(max(math.MinInt16, min(math.MaxInt16, v))))
}

// Level gives peak and RMS of the last 300 ms or so.
func (c *Chain) Level() Level { return c.meter.level() }
