//go:build linux && (amd64 || arm64)

package m2m

import (
	"fmt"
	"image"
	"unsafe"

	"golang.org/x/sys/unix"

	"podium/capture/encoder"
	"podium/capture/internal/videodev"
)

// layout is how the driver wants its pictures.
type layout struct {
	interleaved   bool // NV12: Cb and Cr share a plane
	stride, lines int  // of the luma plane, bytes and lines; chroma has half of each
}

func (l layout) bytes() int { return l.stride * l.lines * 3 / 2 }

// setFormats agrees on what goes in and what comes out.
func setFormats(n videodev.Node, s encoder.Settings, pixels string) (layout, error) {
	coded := format{bufferType: typeCoded, picture: pictureFormat{width: uint32(s.Width), height: uint32(s.Height),
		pixelFormat: uint32(videodev.Code(pixels)), field: fieldNone, planeCount: 1}}
	coded.picture.planes[0].sizeImage = uint32(max(s.Width*s.Height, 512<<10)) // a hard keyframe
	if err := n.Ioctl(videodev.ReqSetFormat, unsafe.Pointer(&coded)); err != nil {
		return layout{}, fmt.Errorf("it does not make %s of %dx%d: %w", pixels, s.Width, s.Height, err)
	}
	if got := videodev.Fourcc(coded.picture.pixelFormat); got != videodev.Code(pixels) {
		return layout{}, fmt.Errorf("it makes %s where %s was asked", got, pixels)
	}
	l, err := setRaw(n, s, "YU12")
	if err == nil {
		return l, nil
	}
	l, other := setRaw(n, s, "NV12")
	if other != nil {
		return layout{}, fmt.Errorf("%w; %w", err, other)
	}
	return l, nil
}

func setRaw(n videodev.Node, s encoder.Settings, pixels string) (layout, error) {
	f := format{bufferType: typeRaw, picture: pictureFormat{width: uint32(s.Width), height: uint32(s.Height),
		pixelFormat: uint32(videodev.Code(pixels)), field: fieldNone, colorspace: colorspaceBT601, planeCount: 1}}
	f.picture.planes[0] = planeFormat{bytesPerLine: uint32(s.Width), sizeImage: uint32(s.Width * s.Height * 3 / 2)}
	if err := n.Ioctl(videodev.ReqSetFormat, unsafe.Pointer(&f)); err != nil {
		return layout{}, fmt.Errorf("it does not take %s pictures of %dx%d: %w", pixels, s.Width, s.Height, err)
	}
	got := &f.picture
	l := layout{interleaved: pixels == "NV12", stride: int(got.planes[0].bytesPerLine), lines: int(got.height)}
	switch {
	case videodev.Fourcc(got.pixelFormat) != videodev.Code(pixels) || got.planeCount != 1:
		return layout{}, fmt.Errorf("it takes %s in %d planes where %s in one was asked", videodev.Fourcc(got.pixelFormat), got.planeCount, pixels)
	case int(got.width) < s.Width || l.lines < s.Height || l.lines%2 != 0 || l.lines > 2*4096:
		return layout{}, fmt.Errorf("it takes %dx%d where %dx%d was asked", got.width, got.height, s.Width, s.Height)
	case l.stride < s.Width || l.stride%2 != 0 || l.stride > 4*4096:
		return layout{}, fmt.Errorf("it wants lines of %d bytes for %d pixels", l.stride, s.Width)
	case l.bytes() > int(got.planes[0].sizeImage):
		return layout{}, fmt.Errorf("it wants %d bytes for a picture that needs %d", got.planes[0].sizeImage, l.bytes())
	case int(got.width) == s.Width && l.lines == s.Height:
		return l, nil
	}
	crop := selection{bufferType: typeRaw, target: targetCrop, width: uint32(s.Width), height: uint32(s.Height)}
	if err := n.Ioctl(reqSetSelection, unsafe.Pointer(&crop)); err != nil {
		return layout{}, fmt.Errorf("it takes %dx%d where %dx%d was asked, and cannot cut that out: %w", got.width, got.height, s.Width, s.Height, err)
	}
	if int(crop.width) != s.Width || int(crop.height) != s.Height || crop.left != 0 || crop.top != 0 {
		return layout{}, fmt.Errorf("it cuts %dx%d out where %dx%d was asked: %w", crop.width, crop.height, s.Width, s.Height, unix.EINVAL)
	}
	return l, nil
}

// put copies a frame into a buffer of at least l.bytes bytes.
func (l layout) put(to []byte, frame *image.YCbCr) {
	w, h := frame.Rect.Dx(), frame.Rect.Dy()
	rows(to, l.stride, frame.Y, frame.YStride, w, h)
	chroma := to[l.stride*l.lines:]
	if l.interleaved {
		for y := range h / 2 {
			row, cb, cr := chroma[y*l.stride:][:w], frame.Cb[y*frame.CStride:][:w/2], frame.Cr[y*frame.CStride:][:w/2]
			for x := range cb {
				row[2*x], row[2*x+1] = cb[x], cr[x]
			}
		}
		return
	}
	rows(chroma, l.stride/2, frame.Cb, frame.CStride, w/2, h/2)
	rows(chroma[l.stride/2*(l.lines/2):], l.stride/2, frame.Cr, frame.CStride, w/2, h/2)
}

func rows(to []byte, toStride int, from []byte, fromStride, width, height int) {
	for y := range height {
		copy(to[y*toStride:][:width], from[y*fromStride:][:width])
	}
}
