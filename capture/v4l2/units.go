//go:build linux && (amd64 || arm64)

package v4l2

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/pion/mediadevices/pkg/prop"

	"podium/capture/internal/videodev"
)

const encodedPixelName = "H264"

// UnitReader gives what a camera has encoded itself: H.264 access units, one for each
// of its buffers. Read belongs to one goroutine; the rest may be called by any.
type UnitReader struct {
	name   string
	format negotiated

	mu      sync.Mutex // held by Read for as long as it blocks, and by stop
	stream  *stream
	stopped bool
	wanted  atomic.Bool
}

// EncodedRecord starts the camera's own H.264 at exactly the wanted size. The bit rate
// (bit/s) and a keyframe each second are asked for; a camera without such controls does
// as it likes.
func (c *Camera) EncodedRecord(want prop.Media, bitRate int) (*UnitReader, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.node == nil || c.reader != nil || c.units != nil || c.closed {
		return nil, errors.New("cannot record: the camera is not open, or records already")
	}
	got, err := negotiateEncoded(c.node, want.Width, want.Height, float64(want.FrameRate))
	if err != nil {
		return nil, c.explain(c.path, err)
	}
	for _, set := range []videodev.Control{
		{ID: videodev.ControlBitRate, Value: int32(min(bitRate, 1<<30))},
		{ID: videodev.ControlGOP, Value: int32(got.rate + 0.5)},
		{ID: videodev.ControlRepeatHeaders, Value: 1},
	} {
		_ = c.node.Ioctl(videodev.ReqSetControl, unsafe.Pointer(&set)) // few cameras have them
	}
	s, err := startStream(c.node)
	if err != nil {
		return nil, c.explain(c.path, err)
	}
	c.units = &UnitReader{name: c.path, format: got, stream: s}
	return c.units, nil
}

func negotiateEncoded(n videodev.Node, width, height int, rate float64) (negotiated, error) {
	all := offers(n, width, height)
	for _, f := range all {
		if f.Pixels != encodedPixelName || f.Width != width || f.Height != height {
			continue
		}
		got, err := setFormat(n, f)
		if err != nil {
			return negotiated{}, err
		}
		got.rate, err = setRate(n, rate)
		return got, err
	}
	sizes := "it encodes no size itself"
	var own []string
	for _, f := range all {
		if f.Pixels == encodedPixelName {
			own = append(own, f.String())
		}
	}
	if len(own) > 0 {
		sizes = "it encodes " + strings.Join(own, ", ")
	}
	return negotiated{}, fmt.Errorf("it does not encode %dx%d itself: %s", width, height, sizes)
}

// Read blocks for the next access unit and the time at which it was captured. The data
// is the caller's. damaged: the camera lost some of it, so that what follows makes no
// sense up to the next keyframe. It returns io.EOF after Close; an unplugged camera is
// an error that wraps ENODEV.
func (r *UnitReader) Read() (data []byte, captured time.Time, damaged bool, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for {
		if r.stopped {
			return nil, time.Time{}, false, io.EOF
		}
		r.order()
		if err := r.stream.node.Wait(silence); err != nil {
			return nil, time.Time{}, false, r.explain(err)
		}
		next, ok, err := r.stream.dequeue()
		if err != nil {
			return nil, time.Time{}, false, r.explain(err)
		}
		if !ok {
			continue
		}
		data := append([]byte(nil), next.data...)
		if err := r.stream.queue(next.index); err != nil {
			return nil, time.Time{}, false, r.explain(err)
		}
		return data, next.captured, next.damaged, nil
	}
}

func (r *UnitReader) explain(err error) error {
	reader := Reader{name: r.name}
	return reader.explain(err)
}

// RequestKeyframe has the next Read ask for a keyframe. Few cameras can be asked; the
// others have one each second, if they heed what was asked at the start.
func (r *UnitReader) RequestKeyframe() { r.wanted.Store(true) }

// order asks for a keyframe, if one was requested.
func (r *UnitReader) order() {
	if r.wanted.Swap(false) {
		force := videodev.Control{ID: videodev.ControlForceKeyframe, Value: 1}
		_ = r.stream.node.Ioctl(videodev.ReqSetControl, unsafe.Pointer(&force)) // see RequestKeyframe
	}
}

// stop waits for a Read that is under way, which node.end must have ended.
func (r *UnitReader) stop() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stopped = true
	return r.stream.stop()
}

// Name is the path that was opened.
func (r *UnitReader) Name() string { return r.name }

// FrameRate is what was negotiated, frames/s.
func (r *UnitReader) FrameRate() float64 { return r.format.rate }
