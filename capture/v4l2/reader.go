//go:build linux && (amd64 || arm64)

package v4l2

import (
	"errors"
	"fmt"
	"image"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/mediadevices/pkg/frame"
	"github.com/pion/mediadevices/pkg/prop"
	"golang.org/x/sys/unix"

	"podium/capture/internal/i420"
	"podium/capture/internal/wakeup"
)

const (
	// silence is how long a camera may give nothing before it counts as broken.
	silence = 20 * time.Second
	// staleAfter is the age from which a frame gives way to the next one: the
	// queue was full, and what is in it is from before the reader's pause.
	staleAfter = 500 * time.Millisecond
)

// Reader gives the camera's frames as planar 4:2:0. Read belongs to one
// goroutine; the rest may be called by any.
type Reader struct {
	name   string
	format negotiated
	pool   *i420.Pool

	mu       sync.Mutex // held by Read for as long as it blocks, and by stop
	stream   *stream
	stopped  bool
	captured time.Time

	bad, late atomic.Uint64
}

func newReader(name string, s *stream, f negotiated) *Reader {
	return &Reader{name: name, format: f, stream: s, pool: i420.NewPool(f.width, f.height, 3)}
}

// Read blocks for the newest frame. It returns io.EOF after Close; an unplugged
// camera is an error that wraps ENODEV. Damaged frames are left out and counted.
func (r *Reader) Read() (image.Image, func(), error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	picture := r.pool.Get()
	if err := r.read(&picture.YCbCr); err != nil {
		picture.Release()
		return nil, func() {}, err
	}
	return &picture.YCbCr, picture.Release, nil
}

func (r *Reader) read(dst *image.YCbCr) error {
	for waited := false; ; waited = true {
		if r.stopped {
			return io.EOF
		}
		if err := r.stream.node.Wait(silence); err != nil {
			return r.explain(err)
		}
		newest, ok, err := r.newest()
		if err != nil {
			return r.explain(err)
		}
		if !ok {
			continue
		}
		if !waited && time.Since(newest.captured) > staleAfter {
			r.late.Add(1)
			if err := r.stream.queue(newest.index); err != nil {
				return r.explain(err)
			}
			continue
		}
		decoding := decode(dst, newest.data, r.format)
		if err := r.stream.queue(newest.index); err != nil {
			return r.explain(err)
		}
		if decoding != nil {
			r.bad.Add(1)
			continue
		}
		r.captured = newest.captured
		return nil
	}
}

// newest takes all that the camera has written and gives back all but the
// newest good one. It takes no more than there are buffers: a driver that always
// has another would hold it for ever.
func (r *Reader) newest() (best filled, ok bool, err error) {
	for range r.stream.memory {
		next, more, err := r.stream.dequeue()
		if err != nil || !more {
			return best, ok, err
		}
		back := next.index
		switch {
		case next.damaged:
			r.bad.Add(1)
		case ok:
			r.late.Add(1)
			back, best = best.index, next
		default:
			best, ok = next, true
			continue
		}
		if err := r.stream.queue(back); err != nil {
			return filled{}, false, err
		}
	}
	return best, ok, nil
}

func (r *Reader) explain(err error) error {
	switch {
	case errors.Is(err, io.EOF):
		return io.EOF
	case errors.Is(err, unix.ENODEV), errors.Is(err, unix.ENXIO):
		return fmt.Errorf("camera %s is gone: %w", r.name, unix.ENODEV)
	case errors.Is(err, wakeup.ErrTimeout):
		return fmt.Errorf("camera %s gives no picture for %v: unplug it and plug it in again", r.name, silence)
	default:
		return fmt.Errorf("cannot read from camera %s: %w", r.name, err)
	}
}

// stop waits for a Read that is under way, which node.end must have ended, and
// frees the buffers.
func (r *Reader) stop() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stopped = true
	return r.stream.stop()
}

// Captured is when the camera took the frame last read, by the driver's own
// timestamp where it has one.
func (r *Reader) Captured() time.Time {
	return r.captured
}

// Format is what was negotiated; FrameFormat is the camera's own pixel format,
// the frames are I420.
func (r *Reader) Format() prop.Media {
	return prop.Media{Video: prop.Video{Width: r.format.width, Height: r.format.height,
		FrameRate: float32(r.format.rate), FrameFormat: frame.Format(r.format.pixels)}}
}

// Name is the path that was opened.
func (r *Reader) Name() string { return r.name }

// Dropped counts damaged frames, and good ones that gave way to a newer one.
func (r *Reader) Dropped() (bad, late uint64) { return r.bad.Load(), r.late.Load() }
