//go:build x264

package x264

// #cgo LDFLAGS: -lx264
// #include "bridge.h"
import "C"

import (
	"errors"
	"fmt"
	"image"
	"math"
	"runtime"
	"unsafe"

	"podium/capture/encoder"
)

// h264 is one encoder.
type h264 struct {
	settings encoder.Settings
	built    float64 // frames/s
	engine   *C.session
	unit     []byte
	pins     runtime.Pinner
}

// New builds an encoder. It meets encoder.Builder.
func New(s encoder.Settings) (encoder.Encoder, error) {
	if err := s.Check(); err != nil {
		return nil, err
	}
	every := s.KeyframeFrames()
	if every == 0 {
		every = math.MaxInt32 / 2
	}
	engine := C.session_new(C.int(s.Width), C.int(s.Height), C.double(s.FrameRate), C.int(s.BitRate), C.int(every))
	if engine == nil {
		return nil, fmt.Errorf("cannot build the encoder x264 for %dx%d at %g frames/s and %d bit/s", s.Width, s.Height, s.FrameRate, s.BitRate)
	}
	return &h264{settings: s, built: s.FrameRate, engine: engine, unit: make([]byte, 0, s.Width*s.Height/4)}, nil
}

// Encode meets encoder.Encoder. The keyframe is ordered with the frame itself, so that
// the order cannot be lost.
func (e *h264) Encode(frame *image.YCbCr, keyframe bool) ([]byte, error) {
	if e.engine == nil {
		return nil, errors.New("cannot encode: the encoder is closed")
	}
	if err := e.settings.Fits(frame); err != nil {
		return nil, err
	}
	defer e.pins.Unpin()
	e.pins.Pin(&frame.Y[0])
	e.pins.Pin(&frame.Cb[0])
	e.pins.Pin(&frame.Cr[0])
	n := int(C.session_encode(e.engine, (*C.uint8_t)(unsafe.Pointer(&frame.Y[0])), (*C.uint8_t)(unsafe.Pointer(&frame.Cb[0])), (*C.uint8_t)(unsafe.Pointer(&frame.Cr[0])),
		C.int(frame.YStride), C.int(frame.CStride), C.bool(keyframe)))
	switch {
	case n < 0:
		return nil, errors.New("x264 cannot encode a frame")
	case n == 0:
		return nil, nil
	}
	if n > cap(e.unit) {
		e.unit = make([]byte, n+n/2)
	}
	e.unit = e.unit[:n]
	C.session_copy(e.engine, (*C.uint8_t)(unsafe.Pointer(&e.unit[0])))
	return e.unit, nil
}

// SetRate meets encoder.Encoder. x264 keeps the frame rate that it was built for, or
// takes it from the frames' times and is a frame late: so it is told the bit rate that
// makes each frame as large as it should be.
func (e *h264) SetRate(bitRate int, frameRate float64) error {
	next, err := e.settings.At(bitRate, frameRate)
	if err != nil {
		return err
	}
	if e.engine == nil || next == e.settings {
		return nil
	}
	if C.session_rate(e.engine, C.int(float64(bitRate)*e.built/frameRate)) != 0 {
		return fmt.Errorf("x264 does not take %d bit/s at %g frames/s", bitRate, frameRate)
	}
	e.settings = next
	return nil
}

// Close meets encoder.Encoder.
func (e *h264) Close() error {
	if e.engine != nil {
		C.session_free(e.engine)
		e.engine = nil
	}
	return nil
}

// Name meets encoder.Encoder.
func (e *h264) Name() string { return "x264" }
