package i420

import "image"

// Scaler makes pictures smaller. It keeps its tables between two pictures of the same
// sizes. It belongs to one goroutine.
type Scaler struct {
	luma, chroma axes
}

// axes are the tables of one plane.
type axes struct {
	from, to   image.Point
	x, y       []tap
	upper, low []uint16 // two rows, scaled in x, 8 bits of fraction
}

// tap is where a sample lies between two others: at, and at+1 with weight of 256.
type tap struct{ at, weight int }

// Scale scales src to dst's size, which is at most src's and at least a third of it:
// bilinear between the pixels' centres (a half is the mean of four).
func (s *Scaler) Scale(dst, src *image.YCbCr) {
	s.luma.scale(dst.Y, dst.YStride, dst.Rect.Size(), src.Y, src.YStride, src.Rect.Size())
	to, from := dst.Rect.Size().Div(2), src.Rect.Size().Div(2)
	s.chroma.scale(dst.Cb, dst.CStride, to, src.Cb, src.CStride, from)
	s.chroma.scale(dst.Cr, dst.CStride, to, src.Cr, src.CStride, from)
}

func (a *axes) scale(dst []byte, dstStride int, to image.Point, src []byte, srcStride int, from image.Point) {
	if a.from != from || a.to != to {
		*a = axes{from: from, to: to, x: taps(to.X, from.X), y: taps(to.Y, from.Y), upper: make([]uint16, to.X), low: make([]uint16, to.X)}
	}
	done := -1 // the source row in upper; low has the one below
	for row := range to.Y {
		t := a.y[row]
		if t.at != done {
			if t.at == done+1 && done >= 0 {
				a.upper, a.low = a.low, a.upper
			} else {
				across(a.upper, src[t.at*srcStride:][:from.X], a.x)
			}
			across(a.low, src[min(t.at+1, from.Y-1)*srcStride:][:from.X], a.x)
			done = t.at
		}
		down(dst[row*dstStride:][:to.X], a.upper, a.low, uint32(t.weight))
	}
}

// taps gives for each of n samples where its centre lies among those of from.
func taps(n, from int) []tap {
	all := make([]tap, n)
	for i := range all {
		// Twice the centre's place, in 1/256 of a sample, minus half a sample.
		at := max(0, ((2*i+1)*from*256/n-256)/2)
		t := tap{at / 256, at % 256}
		if t.at >= from-1 {
			t = tap{from - 1, 0}
		}
		all[i] = t
	}
	return all
}

func across(dst []uint16, src []byte, x []tap) {
	last := len(src) - 1
	for i, t := range x {
		next := min(t.at+1, last)
		dst[i] = uint16(int(src[t.at])*(256-t.weight) + int(src[next])*t.weight)
	}
}

func down(dst []byte, upper, low []uint16, weight uint32) {
	upper, low = upper[:len(dst)], low[:len(dst)]
	for i := range dst {
		dst[i] = byte((uint32(upper[i])*(256-weight) + uint32(low[i])*weight + 1<<15) >> 16)
	}
}
