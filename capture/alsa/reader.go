//go:build linux && (amd64 || arm64)

package alsa

import (
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/mediadevices/pkg/prop"
	"github.com/pion/mediadevices/pkg/wave"
	"golang.org/x/sys/unix"

	"podium/capture/internal/wakeup"
)

const (
	blockTime = 20 * time.Millisecond
	// silence is how long a card may give no samples before it counts as broken.
	silence = 20 * time.Second
	// mostDelay is how much sound a card may say that it has kept; a driver that
	// says more is wrong.
	mostDelay = 10 * time.Second
	// restartsInVain is how often a card may be started again without giving a
	// block in between.
	restartsInVain = 20
)

// Reader gives blocks of 20 ms. The bounded queue is the kernel's own buffer: a
// reader that is late by more loses what is in it, and the next block's Position
// says how much that was. Read belongs to one goroutine; the rest may be called
// by any, once Read has returned.
type Reader struct {
	name    string
	device  device
	setting setting
	raw     []byte
	block   *wave.Int16Interleaved

	mu       sync.Mutex // held by Read for as long as it blocks, and by stop
	stopped  bool
	filled   int // bytes of raw
	lost     bool
	started  bool
	captured time.Time
	position int64
	overruns atomic.Uint64
}

func newReader(name string, d device, s setting) *Reader {
	n := s.blockFrames()
	return &Reader{
		name: name, device: d, setting: s,
		raw:   make([]byte, n*s.channels*s.sampleBytes()),
		block: wave.NewInt16Interleaved(wave.ChunkInfo{Len: n, Channels: s.channels, SamplingRate: s.rate}),
	}
}

// Read blocks for the next 20 ms. The block is a copy, valid until the next
// Read. It returns io.EOF after Close; an unplugged card is an error that wraps
// ENODEV.
func (r *Reader) Read() (wave.Audio, func(), error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.fill(); err != nil {
		return nil, func() {}, r.explain(err)
	}
	r.note(time.Now())
	toInt16(r.block.Data, r.raw, r.setting.format)
	return r.block, func() {}, nil
}

// fill reads until raw is full of samples that follow one another.
func (r *Reader) fill() error {
	frame := r.setting.channels * r.setting.sampleBytes()
	restarts := 0
	for r.filled = 0; r.filled < len(r.raw); {
		if r.stopped {
			return io.EOF
		}
		if err := r.device.Wait(silence); err != nil {
			return err
		}
		n, err := r.device.read(r.raw[r.filled:], frame)
		switch {
		case err == nil && (n < 0 || n > (len(r.raw)-r.filled)/frame):
			return fmt.Errorf("its driver says that it read %d of %d frames", n, (len(r.raw)-r.filled)/frame)
		case err == nil:
			r.filled += n * frame
		case errors.Is(err, unix.EAGAIN):
		case errors.Is(err, unix.EPIPE), errors.Is(err, unix.ESTRPIPE), errors.Is(err, unix.EBADFD):
			// The buffer overran, or the machine slept, or a loopback's other
			// side changed: what was there is lost, start afresh.
			if restarts++; restarts > restartsInVain {
				return fmt.Errorf("it stops again and again: %w", err)
			}
			if err := r.device.start(); err != nil {
				return err
			}
			r.filled, r.lost = 0, true
			r.overruns.Add(1)
		default:
			return err
		}
	}
	return nil
}

// note works out when the block was captured: as many samples ago as it has and
// as were captured since. Positions count samples, and after a loss the time
// that passed.
func (r *Reader) note(now time.Time) {
	since := r.setting.blockFrames() + min(r.device.delay(), int(mostDelay.Seconds())*r.setting.rate)
	captured := now.Add(-time.Duration(since) * time.Second / time.Duration(r.setting.rate))
	if r.started {
		r.position += int64(r.setting.blockFrames())
		if r.lost {
			gap := captured.Sub(r.captured) - blockTime
			blocks := int64((gap + blockTime/2) / blockTime)
			r.position += max(blocks, 0) * int64(r.setting.blockFrames())
		}
	}
	r.started, r.lost, r.captured = true, false, captured
}

func (r *Reader) explain(err error) error {
	switch {
	case errors.Is(err, io.EOF):
		return io.EOF
	case gone(err):
		return fmt.Errorf("microphone %s is gone: %w", r.name, unix.ENODEV)
	case errors.Is(err, wakeup.ErrTimeout):
		return fmt.Errorf("microphone %s gives no sound for %v: unplug it and plug it in again", r.name, silence)
	default:
		return fmt.Errorf("cannot read from microphone %s: %w", r.name, err)
	}
}

// stop waits for a Read that is under way, which pcm.end must have ended.
func (r *Reader) stop() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stopped = true
}

// Captured is when the first sample of the block last read was captured.
func (r *Reader) Captured() time.Time { return r.captured }

// Position is the number of that sample in the stream, lost samples counted, in
// steps of whole blocks.
func (r *Reader) Position() int64 { return r.position }

// Overruns counts how often the reader was late by more than the buffer holds.
func (r *Reader) Overruns() uint64 { return r.overruns.Load() }

// Format is what was agreed on with the card; the blocks are always 16-bit.
func (r *Reader) Format() prop.Media {
	return prop.Media{Audio: prop.Audio{SampleRate: r.setting.rate, ChannelCount: r.setting.channels,
		SampleSize: 2, IsInterleaved: true, Latency: blockTime}}
}

// Name is the card's ALSA name.
func (r *Reader) Name() string { return r.name }
