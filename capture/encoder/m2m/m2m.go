//go:build linux && (amd64 || arm64)

package m2m

import (
	"errors"
	"fmt"
	"image"
	"io"
	"math"
	"sync/atomic"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"podium/capture/encoder"
	"podium/capture/internal/annexb"
	"podium/capture/internal/videodev"
	"podium/capture/internal/wakeup"
)

// ErrStuck tells of an encoder that gives nothing for a frame. Lock-ups after hours
// are reported of the Pi's.
var ErrStuck = errors.New("the board's encoder is stuck")

const (
	rawBuffers    = 3 // one is enough, unless the driver gives them back late
	codedBuffers  = 4
	damagedInVain = 60 // frames in a row, after which it gives up
)

// held counts encoders that got stuck and are not closed yet: the kernel may take long,
// and a second one would hang as the first does.
var held atomic.Int32

// h264 is one encoder, with a file handle and thus a context of the driver of its own.
type h264 struct {
	settings encoder.Settings
	patience time.Duration
	path     string
	coded    videodev.Fourcc
	node     videodev.Node
	layout   layout
	raw, out *queue
	unit     []byte
	sets     [2][]byte // the latest SPS and PPS, with start codes
	clock    time.Duration
	damaged  int   // in a row
	failed   error // for good
	closed   bool
}

// New builds the board's H.264 encoder. It meets encoder.Builder. The error wraps
// ErrMissing where the board has none, ErrStuck while an earlier one hangs.
func New(s encoder.Settings) (encoder.Encoder, error) { return Builder(Options{})(s) }

// Builder is New for another fourcc or a certain node.
func Builder(o Options) encoder.Builder { return builder(o.filled(), "/dev", videodev.Open) }

func builder(o Options, dev string, open func(string) (videodev.Node, error)) encoder.Builder {
	return func(s encoder.Settings) (encoder.Encoder, error) {
		if err := s.Check(); err != nil {
			return nil, err
		}
		if held.Load() > 0 {
			return nil, fmt.Errorf("%w since an earlier turn; a restart of the board frees it", ErrStuck)
		}
		path, _, err := find(o, dev, open)
		if err != nil {
			return nil, err
		}
		n, err := open(path)
		if err != nil {
			return nil, fmt.Errorf("cannot open the encoder %s: %w (%s)", path, err, busy(path))
		}
		e := &h264{settings: s, patience: o.Patience, path: path, coded: videodev.Code(o.Pixels), node: n, raw: newQueue(n, typeRaw, "pictures"), out: newQueue(n, typeCoded, "units")}
		if err := e.start(); err != nil {
			return nil, errors.Join(fmt.Errorf("cannot use the encoder %s for %dx%d: %w", path, s.Width, s.Height, err), e.Close())
		}
		return e, nil
	}
}

func (e *h264) start() (err error) {
	if e.layout, err = setFormats(e.node, e.settings, e.coded.String()); err != nil {
		return err
	}
	e.setFrameRate(e.settings.FrameRate)
	for _, c := range controls(e.settings) {
		e.control(c.ID, c.Value)
	}
	if err := e.raw.fill(rawBuffers); err != nil {
		return err
	}
	if err := e.out.fill(codedBuffers); err != nil {
		return err
	}
	if len(e.raw.memory[0]) < e.layout.bytes() {
		return fmt.Errorf("its buffers have %d bytes for pictures of %d", len(e.raw.memory[0]), e.layout.bytes())
	}
	return e.begin()
}

// begin starts both queues; what comes next is a keyframe.
func (e *h264) begin() error {
	for len(e.out.free) > 0 {
		if err := e.out.give(0, videodev.Timeval{}); err != nil {
			return err
		}
	}
	if err := e.raw.start(); err != nil {
		return err
	}
	return e.out.start()
}

// controls are what the driver is asked for. Which of them it has is its own affair.
func controls(s encoder.Settings) []videodev.Control {
	every := int32(s.KeyframeFrames())
	if every == 0 {
		every = math.MaxInt32
	}
	level := int32(9) // V4L2_MPEG_VIDEO_H264_LEVEL_3_1
	if float64(s.Width*s.Height)*s.FrameRate > 1280*720*30 {
		level = 11 // V4L2_MPEG_VIDEO_H264_LEVEL_4_0
	}
	return []videodev.Control{
		{ID: videodev.ControlRepeatHeaders, Value: 1}, // a Pi takes it before the start only
		{ID: videodev.ControlH264Profile, Value: 1},   // constrained baseline
		{ID: videodev.ControlH264Level, Value: level},
		{ID: videodev.ControlBFrames, Value: 0},
		{ID: videodev.ControlBitRateMode, Value: 1}, // constant
		{ID: videodev.ControlBitRate, Value: int32(min(s.BitRate, math.MaxInt32))},
		{ID: videodev.ControlGOP, Value: every},
		{ID: videodev.ControlH264Period, Value: every},
	}
}

// control sets one and reports whether the driver has it.
func (e *h264) control(id uint32, value int32) bool {
	c := videodev.Control{ID: id, Value: value}
	return e.node.Ioctl(videodev.ReqSetControl, unsafe.Pointer(&c)) == nil
}

// setFrameRate tells the rate that rate control counts with; a driver that has none
// goes by the timestamps.
func (e *h264) setFrameRate(rate float64) {
	p := videodev.StreamParm{BufferType: typeRaw, TimePerFrame: videodev.Fraction{Numerator: 1000, Denominator: uint32(math.Round(rate * 1000))}}
	_ = e.node.Ioctl(videodev.ReqSetParm, unsafe.Pointer(&p))
}

// Encode meets encoder.Encoder. It blocks until the unit is there, at most for
// Options.Patience. An error that wraps ErrStuck is final.
func (e *h264) Encode(frame *image.YCbCr, keyframe bool) ([]byte, error) {
	switch {
	case e.closed:
		return nil, errors.New("cannot encode: the encoder is closed")
	case e.failed != nil:
		return nil, e.failed
	}
	if err := e.settings.Fits(frame); err != nil {
		return nil, err
	}
	unit, err := e.encode(frame, keyframe)
	if err != nil {
		e.failed = fmt.Errorf("cannot encode with %s: %w", e.path, err)
		if errors.Is(err, ErrStuck) {
			held.Add(1)
		}
		return nil, e.failed
	}
	return unit, nil
}

func (e *h264) encode(frame *image.YCbCr, keyframe bool) ([]byte, error) {
	if keyframe && !e.control(videodev.ControlForceKeyframe, 1) {
		if err := e.restart(); err != nil {
			return nil, err
		}
	}
	if err := e.feed(frame); err != nil {
		return nil, err
	}
	for deadline := time.Now().Add(e.patience); ; {
		switch err := e.node.Wait(time.Until(deadline)); {
		case errors.Is(err, wakeup.ErrTimeout):
			return nil, fmt.Errorf("%w: nothing came for a frame in %v", ErrStuck, e.patience)
		case errors.Is(err, io.EOF):
			return nil, errors.New("the encoder is closed")
		case err != nil:
			return nil, err
		}
		unit, complete, err := e.collect()
		if complete || err != nil {
			return unit, err
		}
	}
}

// feed hands a frame to the driver.
func (e *h264) feed(frame *image.YCbCr) error {
	for {
		_, ok, err := e.raw.take()
		if err != nil {
			return err
		}
		if !ok {
			break
		}
	}
	if len(e.raw.free) == 0 {
		return fmt.Errorf("%w: it keeps all %d pictures that it was given", ErrStuck, len(e.raw.memory))
	}
	e.layout.put(e.raw.memory[e.raw.free[len(e.raw.free)-1]], frame)
	e.clock += time.Duration(float64(time.Second) / e.settings.FrameRate)
	at := videodev.Timeval{Seconds: int64(e.clock / time.Second), Microseconds: int64(e.clock % time.Second / time.Microsecond)}
	return e.raw.give(e.layout.bytes(), at)
}

// collect takes a unit; false: it was none yet, or only parameter sets.
func (e *h264) collect() ([]byte, bool, error) {
	got, ok, err := e.out.take()
	if err != nil || !ok {
		return nil, false, err
	}
	complete := true
	if got.damaged {
		e.unit = e.unit[:0]
		if e.damaged++; e.damaged > damagedInVain {
			return nil, false, fmt.Errorf("%d frames in a row came back damaged", e.damaged)
		}
	} else {
		e.damaged = 0
		complete = e.keep(got.data)
	}
	return e.unit, complete, e.out.give(0, videodev.Timeval{})
}

// keep copies a unit and puts the parameter sets before an IDR picture without them:
// a driver may give them once, in a buffer of their own. false: this is that buffer.
func (e *h264) keep(data []byte) bool {
	e.unit = e.unit[:0]
	if e.coded != videodev.Code("H264") {
		e.unit = append(e.unit, data...)
		return true
	}
	parts := annexb.Look(data)
	for i, set := range parts.Sets {
		if set != nil {
			e.sets[i] = append(e.sets[i][:0], set...)
		}
	}
	if !parts.Slice {
		return parts.Sets[0] == nil && parts.Sets[1] == nil
	}
	if parts.IDR {
		for i, set := range parts.Sets {
			if set == nil {
				e.unit = append(e.unit, e.sets[i]...)
			}
		}
	}
	e.unit = append(e.unit, data...)
	return true
}

// restart begins anew, for a driver that cannot be asked for a keyframe.
func (e *h264) restart() error {
	if err := errors.Join(e.raw.stop(), e.out.stop()); err != nil {
		return err
	}
	return e.begin()
}

// SetRate meets encoder.Encoder.
func (e *h264) SetRate(bitRate int, frameRate float64) error {
	next, err := e.settings.At(bitRate, frameRate)
	if err != nil {
		return err
	}
	if e.closed || next == e.settings {
		return nil
	}
	if frameRate != e.settings.FrameRate {
		e.setFrameRate(frameRate)
	}
	e.control(videodev.ControlBitRate, int32(min(bitRate, math.MaxInt32)))
	e.settings = next
	return nil
}

// Close meets encoder.Encoder. A stuck driver can block it for seconds.
func (e *h264) Close() error {
	if e.closed {
		return nil
	}
	e.closed = true
	if errors.Is(e.failed, ErrStuck) {
		defer held.Add(-1)
	}
	failed := errors.Join(e.raw.stop(), e.out.stop(), e.raw.unmap(), e.out.unmap(), e.node.Close())
	if errors.Is(failed, unix.ENODEV) { // all that it held is gone with it
		return nil
	}
	return failed
}

// Name meets encoder.Encoder.
func (e *h264) Name() string { return "v4l2m2m" }
