//go:build linux && (amd64 || arm64)

package v4l2

import "fmt"

// The structures and numbers of linux/videodev2.h for 64-bit machines. A test
// holds the sizes to those that the request numbers carry.

const (
	reqQueryCap       = 0x80685600
	reqEnumFormat     = 0xc0405602
	reqSetFormat      = 0xc0d05605
	reqRequestBuffers = 0xc0145608
	reqQueryBuffer    = 0xc0585609
	reqQueue          = 0xc058560f
	reqDequeue        = 0xc0585611
	reqStreamOn       = 0x40045612
	reqStreamOff      = 0x40045613
	reqSetParm        = 0xc0cc5616
	reqEnumSizes      = 0xc02c564a
	reqEnumIntervals  = 0xc034564b
)

const (
	bufferTypeCapture = 1
	memoryMmap        = 1

	capVideoCapture = 0x1
	capStreaming    = 0x04000000
	capDeviceCaps   = 0x80000000

	fieldNone       = 1
	fieldInterlaced = 4

	colorspaceJPEG        = 7
	quantizationDefault   = 0
	quantizationFullRange = 1

	bufferError        = 0x40
	timestampMask      = 0xe000
	timestampMonotonic = 0x2000

	sizeDiscrete = 1 // also of intervals; 2 and 3 are ranges
)

type capability struct {
	driver       [16]byte
	card         [32]byte
	busInfo      [32]byte
	version      uint32
	capabilities uint32
	deviceCaps   uint32
	reserved     [3]uint32
}

type formatDescription struct {
	index, bufferType, flags uint32
	description              [32]byte
	pixelFormat, mbusCode    uint32
	reserved                 [3]uint32
}

type frameSize struct {
	index, pixelFormat, kind uint32
	// Discrete: width, height. Stepwise: min, max, step of width, then of height.
	v        [6]uint32
	reserved [2]uint32
}

type fraction struct{ numerator, denominator uint32 }

type frameInterval struct {
	index, pixelFormat, width, height, kind uint32
	v                                       [3]fraction // discrete: one; stepwise: min, max, step
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

type streamParm struct {
	bufferType            uint32
	capability, mode      uint32
	timePerFrame          fraction
	extendedMode, buffers uint32
	rest                  [200 - 24]byte
}

type requestBuffers struct {
	count, bufferType, memory, capabilities, flags uint32
}

type timeval struct{ seconds, microseconds int64 }

type buffer struct {
	index, bufferType, bytesUsed, flags, field uint32
	_                                          uint32
	timestamp                                  timeval
	timecode                                   [16]byte
	sequence, memory                           uint32
	offset                                     uint32 // of the union m, its mmap member
	_                                          uint32
	length                                     uint32
	reserved2, request                         uint32
	_                                          uint32
}

// fourcc is a pixel format's four characters as one number.
type fourcc uint32

func code(s string) fourcc {
	return fourcc(s[0]) | fourcc(s[1])<<8 | fourcc(s[2])<<16 | fourcc(s[3])<<24
}

// String gives the characters, or the number of a format that has others.
func (f fourcc) String() string {
	chars := []byte{byte(f), byte(f >> 8), byte(f >> 16), byte(f >> 24 & 0x7f)}
	for _, c := range chars {
		if c < ' ' || c > '~' {
			return fmt.Sprintf("%#08x", uint32(f))
		}
	}
	return string(chars)
}
