//go:build linux && (amd64 || arm64)

package v4l2

import (
	"fmt"
	"image"

	"podium/capture/internal/i420"
	"podium/capture/internal/mjpeg"
)

// decode turns one frame of the camera into dst. A frame that cannot be decoded
// is an error, never a panic, whatever its bytes.
func decode(dst *image.YCbCr, src []byte, f negotiated) error {
	var err error
	switch f.pixels {
	case "YU12":
		err = i420.FromI420(dst, src, f.stride)
	case "NV12":
		err = i420.FromNV12(dst, src, f.stride)
	case "YUYV":
		err = i420.FromYUYV(dst, src, f.stride)
	case "MJPG":
		err = mjpeg.Decode(dst, src)
	default:
		err = fmt.Errorf("pixel format %s is unknown", f.pixels)
	}
	if err == nil && f.fullRange {
		i420.ToStudioRange(dst)
	}
	return err
}
