//go:build linux && (amd64 || arm64)

package v4l2

import (
	"errors"
	"fmt"
	"unsafe"

	"golang.org/x/sys/unix"

	"podium/capture/internal/videodev"
)

// negotiated is what the driver answered, not what was asked.
type negotiated struct {
	pixels    string
	width     int
	height    int
	stride    int // bytes per row of the first plane
	rate      float64
	fullRange bool // levels 0 to 255 instead of 16 to 235
}

// usable reports whether a node is a camera that can stream: metadata nodes,
// encoders and outputs have names of the same kind.
func usable(n videodev.Node) (card string, err error) {
	var c videodev.Capability
	if err := n.Ioctl(videodev.ReqQueryCap, unsafe.Pointer(&c)); err != nil {
		if errors.Is(err, unix.ENOTTY) || errors.Is(err, unix.EINVAL) {
			return "", errors.New("is not a V4L2 device")
		}
		return "", err
	}
	caps := c.Capabilities
	if caps&videodev.CapDeviceCaps != 0 {
		caps = c.DeviceCaps
	}
	if caps&capVideoCapture == 0 || caps&videodev.CapStreaming == 0 {
		return videodev.Text(c.Card[:]), errors.New("gives no pictures: it is a V4L2 device for something else")
	}
	return videodev.Text(c.Card[:]), nil
}

// negotiate sets size, pixel format and frame rate.
func negotiate(n videodev.Node, width, height int, rate float64) (negotiated, error) {
	all := offers(n, width, height)
	fit := candidates(all, width, height, rate)
	if len(fit) == 0 {
		return negotiated{}, fmt.Errorf("it does not offer %dx%d; it offers %s", width, height, describe(all))
	}
	var refused error
	for _, f := range fit {
		got, err := setFormat(n, f)
		if err == nil {
			got.rate, err = setRate(n, rate)
			return got, err
		}
		if errors.Is(err, unix.EBUSY) || errors.Is(err, unix.ENODEV) {
			return negotiated{}, err
		}
		refused = err
	}
	return negotiated{}, fmt.Errorf("%w; it offers %s", refused, describe(all))
}

func setFormat(n videodev.Node, f Format) (negotiated, error) {
	want := format{bufferType: bufferTypeCapture, pix: pixFormat{
		width: uint32(f.Width), height: uint32(f.Height), pixelFormat: uint32(videodev.Code(f.Pixels)), field: fieldNone}}
	if err := n.Ioctl(videodev.ReqSetFormat, unsafe.Pointer(&want)); err != nil {
		return negotiated{}, fmt.Errorf("it refuses %dx%d %s: %w", f.Width, f.Height, f.Pixels, err)
	}
	got := want.pix
	if int(got.width) != f.Width || int(got.height) != f.Height || videodev.Fourcc(got.pixelFormat) != videodev.Code(f.Pixels) {
		return negotiated{}, fmt.Errorf("asked for %dx%d %s, it answers %dx%d %s",
			f.Width, f.Height, f.Pixels, got.width, got.height, videodev.Fourcc(got.pixelFormat))
	}
	if got.field != fieldNone && got.field != fieldInterlaced {
		return negotiated{}, fmt.Errorf("it gives half pictures (field order %d)", got.field)
	}
	return negotiated{pixels: f.Pixels, width: f.Width, height: f.Height, stride: stride(f, got), fullRange: full(f, got)}, nil
}

// stride is the driver's; some leave it out where there is no padding.
func stride(f Format, got pixFormat) int {
	least := f.Width
	if f.Pixels == "YUYV" {
		least *= 2
	}
	return max(int(got.bytesPerLine), least)
}

// full says whether levels go from 0 to 255: in JPEG by its standard, else if
// the driver says so.
func full(f Format, got pixFormat) bool {
	if f.Pixels == "MJPG" || got.quantization == quantizationFullRange {
		return true
	}
	return got.quantization == quantizationDefault && got.colorspace == colorspaceJPEG
}

// highestPlausible is more frames per second than any camera gives.
const highestPlausible = 1000

// setRate asks for a frame rate and returns the driver's answer; a driver that
// knows nothing of frame rates is believed to do what was asked.
func setRate(n videodev.Node, rate float64) (float64, error) {
	p := videodev.StreamParm{BufferType: bufferTypeCapture, TimePerFrame: videodev.Fraction{Numerator: 1000, Denominator: uint32(rate*1000 + 0.5)}}
	if rate == float64(int(rate)) {
		p.TimePerFrame = videodev.Fraction{Numerator: 1, Denominator: uint32(rate)}
	}
	err := n.Ioctl(videodev.ReqSetParm, unsafe.Pointer(&p))
	switch {
	case errors.Is(err, unix.ENOTTY), errors.Is(err, unix.EINVAL):
		return rate, nil
	case err != nil:
		return 0, fmt.Errorf("it refuses %g frames per second: %w", rate, err)
	}
	if got := p.TimePerFrame.Rate(); got > 0 && got <= highestPlausible {
		return got, nil
	}
	return rate, nil
}
