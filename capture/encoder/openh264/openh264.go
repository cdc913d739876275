package openh264

// #include "bridge.h"
import "C"

import (
	"errors"
	"fmt"
	"image"
	"runtime"
	"unsafe"

	_ "github.com/pion/mediadevices/pkg/codec/openh264" // brings the library

	"podium/capture/encoder"
)

// h264 is one encoder.
type h264 struct {
	settings encoder.Settings
	engine   *C.encoder
	failures int // in a row
	unit     []byte
	pins     runtime.Pinner
}

// New builds an encoder. It meets encoder.Builder.
func New(s encoder.Settings) (encoder.Encoder, error) {
	if err := s.Check(); err != nil {
		return nil, err
	}
	e := &h264{settings: s, unit: make([]byte, 0, s.Width*s.Height/4)}
	if err := e.start(); err != nil {
		return nil, err
	}
	return e, nil
}

// failuresInVain is after how many frames in a row that could not be encoded the
// encoder gives up.
const failuresInVain = 60

// start makes a fresh engine.
func (e *h264) start() error {
	s := e.settings
	var failed C.int
	engine := C.encoder_new(C.int(s.Width), C.int(s.Height), C.float(s.FrameRate), C.int(s.BitRate), C.int(s.KeyframeFrames()), &failed)
	if engine == nil {
		return fmt.Errorf("cannot build the encoder openh264 for %dx%d at %g frames/s and %d bit/s: error %d", s.Width, s.Height, s.FrameRate, s.BitRate, failed)
	}
	e.engine = engine
	return nil
}

// again goes on after a frame that the engine could not encode: pure noise at a high
// rate outgrows its buffer, and then it takes no other frame either. Such a frame
// counts as skipped; a fresh engine begins with a keyframe.
func (e *h264) again(code int) error {
	if e.failures++; e.failures > failuresInVain {
		return fmt.Errorf("openh264 cannot encode %d frames in a row: error %d", e.failures, code)
	}
	C.encoder_free(e.engine)
	e.engine = nil
	return e.start()
}

// Encode meets encoder.Encoder.
func (e *h264) Encode(frame *image.YCbCr, keyframe bool) ([]byte, error) {
	if e.engine == nil {
		return nil, errors.New("cannot encode: the encoder is closed")
	}
	if err := e.settings.Fits(frame); err != nil {
		return nil, err
	}
	// The planes are read within the call only.
	defer e.pins.Unpin()
	e.pins.Pin(&frame.Y[0])
	e.pins.Pin(&frame.Cb[0])
	e.pins.Pin(&frame.Cr[0])
	p := C.planes{
		y: (*C.uchar)(unsafe.Pointer(&frame.Y[0])), cb: (*C.uchar)(unsafe.Pointer(&frame.Cb[0])), cr: (*C.uchar)(unsafe.Pointer(&frame.Cr[0])),
		stride: C.int(frame.YStride), chromaStride: C.int(frame.CStride),
	}
	n := int(C.encoder_encode(e.engine, p, C.int(e.settings.Width), C.int(e.settings.Height), C.bool(keyframe)))
	switch {
	case n < 0:
		return nil, e.again(-n)
	case n == 0:
		return nil, nil
	}
	e.failures = 0
	if n > cap(e.unit) {
		e.unit = make([]byte, n+n/2)
	}
	e.unit = e.unit[:n]
	C.encoder_copy(e.engine, (*C.uchar)(unsafe.Pointer(&e.unit[0])))
	return e.unit, nil
}

// SetRate meets encoder.Encoder.
func (e *h264) SetRate(bitRate int, frameRate float64) error {
	next, err := e.settings.At(bitRate, frameRate)
	if err != nil {
		return err
	}
	if e.engine == nil || next == e.settings {
		return nil
	}
	if failed := C.encoder_rate(e.engine, C.int(bitRate), C.float(frameRate), bitRate > e.settings.BitRate); failed != 0 {
		return fmt.Errorf("openh264 does not take %d bit/s at %g frames/s: error %d", bitRate, frameRate, failed)
	}
	e.settings = next
	return nil
}

// Close meets encoder.Encoder.
func (e *h264) Close() error {
	if e.engine != nil {
		C.encoder_free(e.engine)
		e.engine = nil
	}
	return nil
}

// Name meets encoder.Encoder.
func (e *h264) Name() string { return "openh264" }
