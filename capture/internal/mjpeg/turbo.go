package mjpeg

// #cgo CFLAGS: -O3
// #cgo LDFLAGS: -l:libturbojpeg.a
// #include "turbo.h"
import "C"

import (
	"errors"
	"fmt"
	"image"
	"strings"
	"unsafe"

	"podium/capture/internal/i420"
)

// errForeign tells of a JPEG that TurboJPEG's planar way does not fit.
var errForeign = errors.New("JPEG with another sampling")

// turbo is one decompressor of libjpeg-turbo (https://libjpeg-turbo.org). It may be
// used by one goroutine at a time.
type turbo struct {
	handle C.tjhandle
	half   *image.YCbCr // of the last 4:2:2 picture
}

// idle are decompressors that nobody uses; a podium needs one. A sync.Pool would lose
// them, with their pictures, at each garbage collection.
var idle = make(chan *turbo, 2)

// borrow gives a decompressor for one frame.
func borrow() *turbo {
	select {
	case t := <-idle:
		return t
	default:
		return &turbo{handle: C.tjInitDecompress()}
	}
}

// giveBack keeps the decompressor for the next frame.
func (t *turbo) giveBack() {
	select {
	case idle <- t:
	default:
		if t.handle != nil {
			C.tjDestroy(t.handle)
		}
	}
}

// decode decodes into planes, without a colour conversion. The size has to be dst's,
// and is even, so that the library's planes are as large as ours (tjPlaneWidth).
func (t *turbo) decode(dst *image.YCbCr, frame []byte) error {
	if t.handle == nil {
		return errors.New("cannot make a JPEG decoder: out of memory")
	}
	if len(frame) == 0 {
		return errors.New("cannot decode JPEG: it is empty")
	}
	var size C.jpegSize
	data, length := (*C.uchar)(unsafe.Pointer(&frame[0])), C.ulong(len(frame))
	if C.jpegHeader(t.handle, data, length, &size) != 0 {
		if problem := t.problem(); !strings.Contains(problem, "subsampling") {
			return fmt.Errorf("cannot read JPEG header: %s", problem)
		}
		return errForeign
	}
	if w, h := int(size.width), int(size.height); w != dst.Rect.Dx() || h != dst.Rect.Dy() {
		return fmt.Errorf("JPEG of %dx%d instead of %dx%d", w, h, dst.Rect.Dx(), dst.Rect.Dy())
	}
	into := dst
	switch {
	case size.colorspace == C.TJCS_GRAY:
	case size.colorspace != C.TJCS_YCbCr:
		return errForeign
	case size.subsampling == C.TJSAMP_420:
	case size.subsampling == C.TJSAMP_422: // most cameras
		if t.half == nil || t.half.Rect != dst.Rect {
			t.half = image.NewYCbCr(dst.Rect, image.YCbCrSubsampleRatio422)
		}
		into = t.half
	default:
		return errForeign
	}
	failed := C.jpegPlanes(t.handle, data, length, (*C.uchar)(unsafe.Pointer(&into.Y[0])), (*C.uchar)(unsafe.Pointer(&into.Cb[0])),
		(*C.uchar)(unsafe.Pointer(&into.Cr[0])), C.int(into.YStride), C.int(into.CStride), size.width, size.height)
	if failed != 0 {
		if problem := t.problem(); C.tjGetErrorCode(t.handle) != C.TJERR_WARNING || isDamage(problem) {
			return fmt.Errorf("cannot decode JPEG: %s", problem)
		}
	}
	switch {
	case size.colorspace == C.TJCS_GRAY:
		for i := range dst.Cb {
			dst.Cb[i], dst.Cr[i] = 128, 128
		}
	case into != dst:
		return i420.FromYCbCr(dst, into)
	}
	return nil
}

func (t *turbo) problem() string { return C.GoString(C.tjGetErrorStr2(t.handle)) }

// isDamage tells which of libjpeg's warnings mean that a part of the picture is
// missing or wrong. Others, such as bytes between two segments, come with every frame
// of some cameras.
func isDamage(warning string) bool {
	return strings.Contains(warning, "premature end") || strings.Contains(warning, "Premature end") || strings.Contains(warning, "bad Huffman code")
}
