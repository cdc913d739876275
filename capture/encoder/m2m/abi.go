//go:build linux && (amd64 || arm64)

package m2m

import "podium/capture/internal/videodev"

// What of linux/videodev2.h, for 64-bit machines, only multi-planar devices use.

const (
	reqSetSelection = 0xc040565f

	capM2M = 0x4000 // V4L2_CAP_VIDEO_M2M_MPLANE

	typeCoded = 9  // V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE: what comes out
	typeRaw   = 10 // V4L2_BUF_TYPE_VIDEO_OUTPUT_MPLANE: what goes in

	fieldNone       = 1
	colorspaceBT601 = 1 // V4L2_COLORSPACE_SMPTE170M
	targetCrop      = 0
)

type planeFormat struct {
	sizeImage, bytesPerLine uint32
	reserved                [6]uint16
}

type pictureFormat struct {
	width, height, pixelFormat, field, colorspace uint32
	planes                                        [8]planeFormat
	planeCount, flags, encoding, quantization     uint8
	transfer                                      uint8
	reserved                                      [7]uint8
}

type format struct {
	bufferType uint32
	_          uint32
	picture    pictureFormat
	rest       [200 - 192]byte
}

type plane struct {
	bytesUsed, length uint32
	offset            uint32 // of the union m, its mmap member
	_                 uint32
	dataOffset        uint32
	_                 [11]uint32
}

// buffer is a v4l2_buffer whose union m points to its planes. Such a buffer is on the
// heap with its plane, where Go moves nothing.
type buffer struct {
	index, bufferType, bytesUsed, flags, field uint32
	_                                          uint32
	timestamp                                  videodev.Timeval
	timecode                                   [16]byte
	sequence, memory                           uint32
	planes                                     *plane
	length                                     uint32 // how many planes
	reserved2, request                         uint32
	_                                          uint32
}

type selection struct {
	bufferType, target, flags uint32
	left, top                 int32
	width, height             uint32
	reserved                  [9]uint32
}
