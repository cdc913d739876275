//go:build linux && (amd64 || arm64)

package videodev

import "fmt"

// The requests, numbers and structures of linux/videodev2.h for 64-bit machines that
// cameras and encoders have in common. A test holds the sizes to those that the request
// numbers carry.

// Requests, with the size of their structures in bits 16 to 29.
const (
	ReqQueryCap       = 0x80685600
	ReqEnumFormat     = 0xc0405602
	ReqSetFormat      = 0xc0d05605
	ReqRequestBuffers = 0xc0145608
	ReqQueryBuffer    = 0xc0585609
	ReqQueue          = 0xc058560f
	ReqDequeue        = 0xc0585611
	ReqStreamOn       = 0x40045612
	ReqStreamOff      = 0x40045613
	ReqSetParm        = 0xc0cc5616
	ReqSetControl     = 0xc008561c
)

// Values of the structures' fields.
const (
	MemoryMmap    = 1
	CapStreaming  = 0x04000000
	CapDeviceCaps = 0x80000000 // capability.DeviceCaps is filled in

	BufferKeyframe = 0x08 // flags of a buffer
	BufferError    = 0x40
)

// Controls of what encodes, linux/v4l2-controls.h.
const (
	ControlBFrames       = 0x009909ca // V4L2_CID_MPEG_VIDEO_B_FRAMES
	ControlGOP           = 0x009909cb // V4L2_CID_MPEG_VIDEO_GOP_SIZE, frames
	ControlBitRateMode   = 0x009909ce // V4L2_CID_MPEG_VIDEO_BITRATE_MODE; 1: constant
	ControlBitRate       = 0x009909cf // V4L2_CID_MPEG_VIDEO_BITRATE, bit/s
	ControlRepeatHeaders = 0x009909e2 // V4L2_CID_MPEG_VIDEO_REPEAT_SEQ_HEADER
	ControlForceKeyframe = 0x009909e5 // V4L2_CID_MPEG_VIDEO_FORCE_KEY_FRAME
	ControlH264Period    = 0x00990a66 // V4L2_CID_MPEG_VIDEO_H264_I_PERIOD, frames
	ControlH264Level     = 0x00990a67 // V4L2_CID_MPEG_VIDEO_H264_LEVEL
	ControlH264Profile   = 0x00990a6b // V4L2_CID_MPEG_VIDEO_H264_PROFILE
)

// Control is a struct v4l2_control.
type Control struct {
	ID    uint32
	Value int32
}

// Capability is a struct v4l2_capability.
type Capability struct {
	Driver       [16]byte
	Card         [32]byte
	BusInfo      [32]byte
	Version      uint32
	Capabilities uint32
	DeviceCaps   uint32
	_            [3]uint32
}

// FormatDescription is a struct v4l2_fmtdesc.
type FormatDescription struct {
	Index, BufferType, Flags uint32
	Description              [32]byte
	PixelFormat, MbusCode    uint32
	_                        [3]uint32
}

// Fraction is a struct v4l2_fract.
type Fraction struct{ Numerator, Denominator uint32 }

// StreamParm is a struct v4l2_streamparm of what captures or outputs.
type StreamParm struct {
	BufferType            uint32
	Capability, Mode      uint32
	TimePerFrame          Fraction
	ExtendedMode, Buffers uint32
	_                     [200 - 24]byte
}

// RequestBuffers is a struct v4l2_requestbuffers.
type RequestBuffers struct {
	Count, BufferType, Memory, Capabilities, Flags uint32
}

// Timeval is a struct timeval.
type Timeval struct{ Seconds, Microseconds int64 }

// Fourcc is a pixel format's four characters as one number.
type Fourcc uint32

// Code is the number of four characters.
func Code(s string) Fourcc {
	return Fourcc(s[0]) | Fourcc(s[1])<<8 | Fourcc(s[2])<<16 | Fourcc(s[3])<<24
}

// String gives the characters, or the number of a format that has others.
func (f Fourcc) String() string {
	chars := []byte{byte(f), byte(f >> 8), byte(f >> 16), byte(f >> 24 & 0x7f)}
	for _, c := range chars {
		if c < ' ' || c > '~' {
			return fmt.Sprintf("%#08x", uint32(f))
		}
	}
	return string(chars)
}
