//go:build linux && (amd64 || arm64)

package v4l2

import "podium/capture/internal/videodev"

// The structures and numbers of linux/videodev2.h for 64-bit machines. A test
// holds the sizes to those that the request numbers carry.

const (
	reqEnumSizes     = 0xc02c564a
	reqEnumIntervals = 0xc034564b
)

const (
	bufferTypeCapture = 1

	capVideoCapture = 0x1

	fieldNone       = 1
	fieldInterlaced = 4

	colorspaceJPEG        = 7
	quantizationDefault   = 0
	quantizationFullRange = 1

	timestampMask      = 0xe000
	timestampMonotonic = 0x2000

	sizeDiscrete = 1 // also of intervals; 2 and 3 are ranges
)

type frameSize struct {
	index, pixelFormat, kind uint32
	// Discrete: width, height. Stepwise: min, max, step of width, then of height.
	v        [6]uint32
	reserved [2]uint32
}

type frameInterval struct {
	index, pixelFormat, width, height, kind uint32
	v                                       [3]videodev.Fraction // discrete: one; stepwise: min, max, step
	reserved                                [2]uint32
}

type pixFormat struct {
	width, height, pixelFormat, field uint32
	bytesPerLine, sizeImage           uint32
	colorspace, private, flags        uint32
	encoding, quantization, transfer  uint32
}

type format struct {
	bufferType uint32
	_          uint32
	pix        pixFormat
	rest       [200 - 48]byte
}

type buffer struct {
	index, bufferType, bytesUsed, flags, field uint32
	_                                          uint32
	timestamp                                  videodev.Timeval
	timecode                                   [16]byte
	sequence, memory                           uint32
	offset                                     uint32 // of the union m, its mmap member
	_                                          uint32
	length                                     uint32
	reserved2, request                         uint32
	_                                          uint32
}
