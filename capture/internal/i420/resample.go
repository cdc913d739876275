package i420

import (
	"fmt"
	"image"
)

// FromYCbCr copies a decoded JPEG picture, whatever its chroma resolution, and
// fails if it is of another size. The mean is taken over the rows that fall
// together; of columns, over two.
func FromYCbCr(dst, src *image.YCbCr) error {
	w, h := dst.Rect.Dx(), dst.Rect.Dy()
	if src.Rect.Dx() != w || src.Rect.Dy() != h {
		return fmt.Errorf("picture of %dx%d instead of %dx%d", src.Rect.Dx(), src.Rect.Dy(), w, h)
	}
	rows(dst.Y, dst.YStride, src.Y[src.YOffset(src.Rect.Min.X, src.Rect.Min.Y):], src.YStride, w, h)
	switch src.SubsampleRatio {
	case image.YCbCrSubsampleRatio420:
		at := src.COffset(src.Rect.Min.X, src.Rect.Min.Y)
		rows(dst.Cb, dst.CStride, src.Cb[at:], src.CStride, w/2, h/2)
		rows(dst.Cr, dst.CStride, src.Cr[at:], src.CStride, w/2, h/2)
	case image.YCbCrSubsampleRatio422:
		halveRows(dst, src)
	default:
		sample(dst, src)
	}
	return nil
}

// halveRows is the case of UVC cameras: 4:2:2.
func halveRows(dst, src *image.YCbCr) {
	w, h := dst.Rect.Dx()/2, dst.Rect.Dy()
	for y := 0; y < h; y += 2 {
		upper := src.COffset(src.Rect.Min.X, src.Rect.Min.Y+y)
		lower := src.COffset(src.Rect.Min.X, src.Rect.Min.Y+y+1)
		meanRow(dst.Cb[y/2*dst.CStride:][:w], src.Cb[upper:][:w], src.Cb[lower:][:w])
		meanRow(dst.Cr[y/2*dst.CStride:][:w], src.Cr[upper:][:w], src.Cr[lower:][:w])
	}
}

// sample is for the rest (4:4:4, 4:4:0, 4:1:1, 4:1:0): the mean of the chroma
// at the corners of each 2x2 block. Slow, and no camera we know needs it.
func sample(dst, src *image.YCbCr) {
	o := src.Rect.Min
	for y := 0; y < dst.Rect.Dy(); y += 2 {
		for x := 0; x < dst.Rect.Dx(); x += 2 {
			var cb, cr int
			for _, at := range [4]int{src.COffset(o.X+x, o.Y+y), src.COffset(o.X+x+1, o.Y+y), src.COffset(o.X+x, o.Y+y+1), src.COffset(o.X+x+1, o.Y+y+1)} {
				cb += int(src.Cb[at])
				cr += int(src.Cr[at])
			}
			at := dst.COffset(x, y)
			dst.Cb[at], dst.Cr[at] = byte(cb/4), byte(cr/4)
		}
	}
}

// FromGray copies a picture without colour.
func FromGray(dst *image.YCbCr, src *image.Gray) error {
	w, h := dst.Rect.Dx(), dst.Rect.Dy()
	if src.Rect.Dx() != w || src.Rect.Dy() != h {
		return fmt.Errorf("picture of %dx%d instead of %dx%d", src.Rect.Dx(), src.Rect.Dy(), w, h)
	}
	rows(dst.Y, dst.YStride, src.Pix, src.Stride, w, h)
	for i := range dst.Cb {
		dst.Cb[i], dst.Cr[i] = 128, 128
	}
	return nil
}
