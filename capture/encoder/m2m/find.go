//go:build linux && (amd64 || arm64)

package m2m

import (
	"errors"
	"fmt"
	"time"
	"unsafe"

	"podium/capture/internal/holder"
	"podium/capture/internal/videodev"
)

// ErrMissing tells that this board has no such encoder.
var ErrMissing = errors.New("this board has no such encoder")

// Options choose the encoder. The zero value is the board's H.264.
type Options struct {
	Pixels string // the fourcc of what comes out; "" is H264
	Node   string // "/dev/videoN"; "" is the first that fits
	// Patience is how long a frame may take before the encoder counts as stuck; 0 is
	// half a second. 1080p takes a Pi 4 about 20 ms.
	Patience time.Duration
}

// Find names the node and the card of the encoder that a Builder with these options
// would take, or wraps ErrMissing. It opens each node for a moment and starts none.
func Find(o Options) (node, card string, err error) { return find(o.filled(), "/dev", videodev.Open) }

func (o Options) filled() Options {
	if o.Pixels == "" {
		o.Pixels = "H264"
	}
	if o.Patience == 0 {
		o.Patience = 500 * time.Millisecond
	}
	return o
}

func find(o Options, dev string, open func(string) (videodev.Node, error)) (path, card string, err error) {
	paths := videodev.Paths(dev)
	if o.Node != "" {
		paths = []string{o.Node}
	}
	var refused error
	for _, path := range paths {
		n, err := open(path)
		if err != nil {
			refused = errors.Join(refused, fmt.Errorf("cannot open %s: %w", path, err))
			continue
		}
		card, fits := look(n, o.Pixels)
		_ = n.Close() // it was only looked at
		if fits {
			return path, card, nil
		}
	}
	if o.Node != "" {
		return "", "", errors.Join(fmt.Errorf("%w: %s encodes no %s", ErrMissing, o.Node, o.Pixels), refused)
	}
	return "", "", errors.Join(fmt.Errorf("%w: no V4L2 device makes %s of YU12 or NV12 pictures", ErrMissing, o.Pixels), refused)
}

// look reports whether a node turns raw pictures into what is wanted. A Pi's decoder
// and its scaler are nodes of the same driver.
func look(n videodev.Node, pixels string) (card string, fits bool) {
	var c videodev.Capability
	if err := n.Ioctl(videodev.ReqQueryCap, unsafe.Pointer(&c)); err != nil {
		return "", false
	}
	caps := c.Capabilities
	if caps&videodev.CapDeviceCaps != 0 {
		caps = c.DeviceCaps
	}
	if caps&capM2M == 0 || caps&videodev.CapStreaming == 0 {
		return "", false
	}
	takes := has(n, typeRaw, videodev.Code("YU12")) || has(n, typeRaw, videodev.Code("NV12"))
	return videodev.Text(c.Card[:]), takes && has(n, typeCoded, videodev.Code(pixels))
}

// mostFormats bounds what a driver can make of an enumeration.
const mostFormats = 64

func has(n videodev.Node, bufferType uint32, pixels videodev.Fourcc) bool {
	for i := range uint32(mostFormats) {
		d := videodev.FormatDescription{Index: i, BufferType: bufferType}
		if err := n.Ioctl(videodev.ReqEnumFormat, unsafe.Pointer(&d)); err != nil {
			return false
		}
		if videodev.Fourcc(d.PixelFormat) == pixels {
			return true
		}
	}
	return false
}

// busy says who has the node, for an error text.
func busy(path string) string { return holder.Describe(path) }
