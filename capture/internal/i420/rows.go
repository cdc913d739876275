package i420

// #cgo CFLAGS: -O3
// #include "rows.h"
import "C"

import (
	"image"
	"unsafe"
)

func pointer(b []byte) *C.uint8_t { return (*C.uint8_t)(unsafe.Pointer(unsafe.SliceData(b))) }

// yuyv converts all rows; the lengths have been looked at.
func yuyv(dst *image.YCbCr, src []byte, stride int) {
	C.yuyv_rows(pointer(src), C.ptrdiff_t(stride), pointer(dst.Y), C.ptrdiff_t(dst.YStride), pointer(dst.Cb), pointer(dst.Cr),
		C.ptrdiff_t(dst.CStride), C.int(dst.Rect.Dx()), C.int(dst.Rect.Dy()))
}

// meanRow takes the mean of two rows that are as long as dst.
func meanRow(dst, a, b []byte) {
	a, b = a[:len(dst)], b[:len(dst)]
	C.mean_rows(pointer(dst), pointer(a), pointer(b), C.int(len(dst)))
}

// level maps every byte v of a plane to (v*scale + offset) / 255.
func level(plane []byte, scale, offset uint) {
	C.level(pointer(plane), C.size_t(len(plane)), C.uint(scale), C.uint(offset))
}
