//go:build linux && (amd64 || arm64)

package alsa

import (
	"fmt"
	"math"
	"strings"
	"unsafe"
)

// anything is the question to the driver that leaves everything open.
func anything() hardwareParams {
	var p hardwareParams
	for i := range p.masks {
		for j := range p.masks[i].bits {
			p.masks[i].bits[j] = math.MaxUint32
		}
	}
	for i := range p.intervals {
		p.intervals[i] = interval{max: math.MaxUint32}
	}
	p.requested = math.MaxUint32
	p.choose(paramAccess, accessInterleaved)
	return p
}

func (p *hardwareParams) choose(param, value int) {
	p.masks[param] = mask{}
	p.masks[param].bits[value/32] = 1 << (value % 32)
}

func (p *hardwareParams) allows(param, value int) bool {
	return p.masks[param].bits[value/32]&(1<<(value%32)) != 0
}

func (p *hardwareParams) limit(param int, low, high uint32) {
	p.intervals[param-firstInterval] = interval{min: low, max: high, flags: integer}
}

func (p *hardwareParams) rangeOf(param int) interval { return p.intervals[param-firstInterval] }

// setting is what was agreed with the card.
type setting struct {
	format   int
	rate     int // Hz
	channels int // 1 or 2
	period   int // frames
	buffer   int // frames
}

// rates are those that an Opus encoder takes as they are (RFC 6716, section
// 2.1.3), the best first.
var rates = []uint32{48000, 24000, 16000, 12000, 8000}

// formats are those that become 16 bits without loss of what can be heard.
var formats = []int{formatS16, formatS32, formatS24, formatS24x3}

// bufferMicros is how much sound the kernel keeps for a reader that is late.
const bufferMicros = 200_000

// agree finds a setting that the card takes and sets it.
func agree(d device) (setting, error) {
	p := anything()
	if err := d.Ioctl(reqRefine, unsafe.Pointer(&p)); err != nil {
		return setting{}, fmt.Errorf("it does not say what it can: %w", err)
	}
	rate, err := chooseRate(d, p)
	if err != nil {
		return setting{}, err
	}
	p.limit(paramRate, rate, rate)
	if err := d.refine(&p); err != nil {
		return setting{}, fmt.Errorf("it refuses %d Hz: %w", rate, err)
	}
	channels, err := chooseChannels(d, p)
	if err != nil {
		return setting{}, err
	}
	p.limit(paramChannels, channels, channels)
	format, err := chooseFormat(d, p)
	if err != nil {
		return setting{}, err
	}
	p.choose(paramFormat, format)
	if p, err = setBuffer(d, p); err != nil {
		return setting{}, err
	}
	s := setting{format: format, rate: int(rate), channels: int(channels),
		period: int(p.rangeOf(paramPeriodSize).min), buffer: int(p.rangeOf(paramBufferSize).min)}
	if s.period < 1 || s.buffer < s.period {
		return setting{}, fmt.Errorf("it sets a buffer of %d frames in periods of %d", s.buffer, s.period)
	}
	return s, setSoftware(d, s)
}

// refine asks whether the card can do p; p is narrowed to what it can.
func (d device) refine(p *hardwareParams) error {
	try := *p
	try.requested = math.MaxUint32
	if err := d.Ioctl(reqRefine, unsafe.Pointer(&try)); err != nil {
		return err
	}
	*p = try
	return nil
}

func chooseRate(d device, p hardwareParams) (uint32, error) {
	for _, rate := range rates {
		try := p
		try.limit(paramRate, rate, rate)
		if d.refine(&try) == nil {
			return rate, nil
		}
	}
	r := p.rangeOf(paramRate)
	return 0, fmt.Errorf("it has no sample rate of 48000, 24000, 16000, 12000 or 8000 Hz; it has %d to %d Hz", r.min, r.max)
}

func chooseChannels(d device, p hardwareParams) (uint32, error) {
	for channels := uint32(1); channels <= 2; channels++ {
		try := p
		try.limit(paramChannels, channels, channels)
		if d.refine(&try) == nil {
			return channels, nil
		}
	}
	r := p.rangeOf(paramChannels)
	return 0, fmt.Errorf("it is neither mono nor stereo; it has %d to %d channels", r.min, r.max)
}

func chooseFormat(d device, p hardwareParams) (int, error) {
	for _, format := range formats {
		try := p
		try.choose(paramFormat, format)
		if p.allows(paramFormat, format) && d.refine(&try) == nil {
			return format, nil
		}
	}
	return 0, fmt.Errorf("it has no sample format of 16, 24 or 32 bits")
}

// setBuffer sets the hardware with a period of up to 20 ms, so that a block is
// never late by more, and as much buffer as wanted. A card that cannot gets its
// way, in two steps.
func setBuffer(d device, p hardwareParams) (hardwareParams, error) {
	relaxed := [][2]interval{
		{{min: 10_000, max: 20_000}, {min: bufferMicros / 2, max: bufferMicros}},
		{{min: 1_000, max: 50_000}, {min: 40_000, max: 2 * bufferMicros}},
		{{min: 0, max: math.MaxUint32}, {min: 0, max: math.MaxUint32}},
	}
	var failed error
	for _, times := range relaxed {
		try := p
		try.intervals[paramPeriodTime-firstInterval] = times[0]
		try.intervals[paramBufferTime-firstInterval] = times[1]
		try.requested = math.MaxUint32
		if failed = d.Ioctl(reqHardware, unsafe.Pointer(&try)); failed == nil {
			return try, nil
		}
	}
	return p, fmt.Errorf("it refuses its own settings: %w", failed)
}

// setSoftware makes poll wake for a whole block, and makes the card stop when
// the buffer has overrun, which is how the reader learns of lost samples.
func setSoftware(d device, s setting) error {
	boundary := uint64(s.buffer)
	for boundary*2 <= math.MaxInt64-uint64(s.buffer) {
		boundary *= 2
	}
	p := softwareParams{
		periodStep:     1,
		availableMin:   uint64(max(min(s.blockFrames(), s.buffer/2), 1)),
		transferAlign:  1,
		startThreshold: 1,
		stopThreshold:  uint64(s.buffer),
		boundary:       boundary,
	}
	if err := d.Ioctl(reqSoftware, unsafe.Pointer(&p)); err != nil {
		return fmt.Errorf("it refuses the buffer's limits: %w", err)
	}
	return nil
}

// blockFrames is 20 ms.
func (s setting) blockFrames() int { return s.rate / 50 }

func (s setting) sampleBytes() int {
	switch s.format {
	case formatS16:
		return 2
	case formatS24x3:
		return 3
	default:
		return 4
	}
}

func formatName(format int) string {
	names := map[int]string{formatS16: "S16_LE", formatS24: "S24_LE", formatS32: "S32_LE", formatS24x3: "S24_3LE"}
	return names[format]
}

func (s setting) String() string {
	return strings.Join([]string{formatName(s.format), fmt.Sprintf("%d Hz", s.rate), fmt.Sprintf("%d channels", s.channels)}, ", ")
}
