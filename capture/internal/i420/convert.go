package i420

import (
	"encoding/binary"
	"fmt"
	"image"
)

// FromI420 copies a planar frame with the given bytes per luma row (half of it
// per chroma row). V4L2 calls this format YU12.
func FromI420(dst *image.YCbCr, src []byte, stride int) error {
	w, h := dst.Rect.Dx(), dst.Rect.Dy()
	luma, chroma := stride*h, stride/2*(h/2)
	if err := check("YU12", src, stride, w, luma+2*chroma); err != nil {
		return err
	}
	rows(dst.Y, dst.YStride, src, stride, w, h)
	rows(dst.Cb, dst.CStride, src[luma:], stride/2, w/2, h/2)
	rows(dst.Cr, dst.CStride, src[luma+chroma:], stride/2, w/2, h/2)
	return nil
}

// FromNV12 converts a frame with a luma plane and a plane of Cb Cr pairs, both
// with the given bytes per row.
func FromNV12(dst *image.YCbCr, src []byte, stride int) error {
	w, h := dst.Rect.Dx(), dst.Rect.Dy()
	luma := stride * h
	if err := check("NV12", src, stride, w, luma+stride*(h/2)); err != nil {
		return err
	}
	rows(dst.Y, dst.YStride, src, stride, w, h)
	for y := range h / 2 {
		pairs := src[luma+y*stride:][:w]
		cb, cr := dst.Cb[y*dst.CStride:][:w/2], dst.Cr[y*dst.CStride:][:w/2]
		i := 0
		for ; i+4 <= w/2; i += 4 {
			c := binary.LittleEndian.Uint64(pairs[2*i:])
			binary.LittleEndian.PutUint32(cb[i:], pack(c))
			binary.LittleEndian.PutUint32(cr[i:], pack(c>>8))
		}
		for ; i < w/2; i++ {
			cb[i], cr[i] = pairs[2*i], pairs[2*i+1]
		}
	}
	return nil
}

// FromYUYV converts a frame of Y Cb Y Cr groups, two pixels in four bytes, with
// the given bytes per row.
func FromYUYV(dst *image.YCbCr, src []byte, stride int) error {
	w, h := dst.Rect.Dx(), dst.Rect.Dy()
	if err := check("YUYV", src, stride, 2*w, stride*(h-1)+2*w); err != nil {
		return err
	}
	yuyv(dst, src, stride)
	return nil
}

// lanes selects the lower byte of each 16 bits.
const lanes = 0x00ff00ff00ff00ff

// pack gathers the lower byte of each 16 bits.
func pack(v uint64) uint32 {
	v &= lanes
	v = (v | v>>8) & 0x0000ffff0000ffff
	return uint32(v | v>>16)
}

func rows(dst []byte, dstStride int, src []byte, srcStride, width, height int) {
	if dstStride == width && srcStride == width {
		copy(dst[:width*height], src)
		return
	}
	for y := range height {
		copy(dst[y*dstStride:][:width], src[y*srcStride:])
	}
}

func check(format string, src []byte, stride, least, size int) error {
	if stride < least {
		return fmt.Errorf("%s rows of %d bytes are too short: need %d", format, stride, least)
	}
	if len(src) < size {
		return fmt.Errorf("%s frame of %d bytes is too short: need %d", format, len(src), size)
	}
	return nil
}
