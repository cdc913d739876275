package i420

import "image"

// Frame is a picture that goes back to its pool.
type Frame struct {
	image.YCbCr
	// Release gives the picture back. It may be called once for each Get.
	Release func()
}

// Pool lends pictures of one size. A picture that is never given back is
// garbage like any other, and the pool makes a new one.
type Pool struct {
	width, height int
	free          chan *Frame
}

// NewPool makes a pool of pictures of width by height pixels, both even, that
// keeps up to n of them for later use.
func NewPool(width, height, n int) *Pool {
	return &Pool{width: width, height: height, free: make(chan *Frame, n)}
}

// Get returns a picture whose content is undefined.
func (p *Pool) Get() *Frame {
	select {
	case f := <-p.free:
		return f
	default:
	}
	f := &Frame{YCbCr: *New(p.width, p.height)}
	f.Release = func() {
		select {
		case p.free <- f:
		default:
		}
	}
	return f
}

// New makes a picture with its three planes in one piece of memory.
func New(width, height int) *image.YCbCr {
	return image.NewYCbCr(image.Rect(0, 0, width, height), image.YCbCrSubsampleRatio420)
}
