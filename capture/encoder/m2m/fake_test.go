//go:build linux && (amd64 || arm64)

package m2m

import (
	"image"
	"io"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"podium/capture/encoder"
	"podium/capture/encoder/openh264"
	"podium/capture/internal/annexb"
	"podium/capture/internal/videodev"
	"podium/capture/internal/wakeup"
)

// board answers the ioctls as a board's encoder would; openh264 is the hardware in it.
// Of its oddities the fields choose.
type board struct {
	raw            string // what it takes: "YU12" or "NV12"
	align, lines   int    // of a line's bytes, and of the picture's lines
	noCrop         bool
	noControls     bool // none at all: keyframes by a new start
	headers        bool // parameter sets once, in a buffer of their own
	planes         uint8
	fails          map[uint]error // by request
	stuck, damaged bool
	keeps          bool // gives no picture back

	settings encoder.Settings
	stride   int
	height   int
	engine   encoder.Encoder
	keyframe bool
	fresh    bool // since the last start
	seen     *image.YCbCr

	memory     map[int64][]byte
	waiting    []uint32 // coded buffers that the driver has
	done, back []buffer // units, and pictures given back
	units      map[uint32][]byte
	running    map[uint32]bool
	closed     bool
	ended      bool
	controls   map[uint32]int32
	rate       videodev.Fraction
}

func newBoard() *board {
	return &board{raw: "YU12", align: 1, lines: 2, planes: 1, memory: map[int64][]byte{}, units: map[uint32][]byte{},
		running: map[uint32]bool{}, controls: map[uint32]int32{}, fails: map[uint]error{}}
}

// builder builds on this board only.
func (b *board) builder(t *testing.T) encoder.Builder {
	t.Helper()
	return builder(Options{Node: "/dev/video11"}.filled(), "", func(string) (videodev.Node, error) { return b, nil })
}

func up(n, to int) int { return (n + to - 1) / to * to }

func (b *board) Ioctl(request uint, argument unsafe.Pointer) error {
	if err := b.fails[request]; err != nil {
		return err
	}
	switch request {
	case videodev.ReqQueryCap:
		c := (*videodev.Capability)(argument)
		copy(c.Card[:], "fake-codec")
		c.Capabilities, c.DeviceCaps = videodev.CapDeviceCaps, capM2M|videodev.CapStreaming
	case videodev.ReqEnumFormat:
		d := (*videodev.FormatDescription)(argument)
		if d.Index > 0 {
			return unix.EINVAL
		}
		d.PixelFormat = uint32(videodev.Code(map[uint32]string{typeRaw: b.raw, typeCoded: "H264"}[d.BufferType]))
	case videodev.ReqSetFormat:
		b.setFormat((*format)(argument))
	case reqSetSelection:
		if b.noCrop {
			return unix.EINVAL
		}
	case videodev.ReqSetParm:
		b.rate = (*videodev.StreamParm)(argument).TimePerFrame
		return b.remake()
	case videodev.ReqSetControl:
		return b.control((*videodev.Control)(argument))
	case videodev.ReqQueryBuffer:
		q := (*buffer)(argument)
		q.planes.offset = q.bufferType<<24 | q.index<<20
		q.planes.length = 1 << 20
	case videodev.ReqQueue:
		return b.queue((*buffer)(argument))
	case videodev.ReqDequeue:
		return b.dequeue((*buffer)(argument))
	case videodev.ReqStreamOn:
		return b.start(*(*uint32)(argument))
	case videodev.ReqStreamOff:
		b.stop(*(*uint32)(argument))
	}
	return nil
}

func (b *board) setFormat(f *format) {
	p := &f.picture
	if f.bufferType == typeCoded {
		return
	}
	if videodev.Fourcc(p.pixelFormat).String() != b.raw {
		p.pixelFormat = uint32(videodev.Code(b.raw))
	}
	b.settings.Width, b.settings.Height = int(p.width), int(p.height)
	p.width, p.height, p.planeCount = uint32(up(int(p.width), b.align)), uint32(up(int(p.height), b.lines)), b.planes
	b.stride, b.height = int(p.width), int(p.height)
	p.planes[0] = planeFormat{bytesPerLine: uint32(b.stride), sizeImage: uint32(b.stride * b.height * 3 / 2)}
}

func (b *board) control(c *videodev.Control) error {
	if b.noControls && c.ID != videodev.ControlBitRate {
		return unix.EINVAL
	}
	b.controls[c.ID] = c.Value
	if c.ID == videodev.ControlForceKeyframe {
		b.keyframe = true
		return nil
	}
	return b.remake()
}

// remake has the hardware follow bit rate and frame rate.
func (b *board) remake() error {
	b.settings.BitRate, b.settings.FrameRate = int(b.controls[videodev.ControlBitRate]), 1/(float64(b.rate.Numerator)/float64(b.rate.Denominator))
	if b.engine == nil {
		return nil
	}
	return b.engine.SetRate(b.settings.BitRate, b.settings.FrameRate)
}

func (b *board) start(kind uint32) (err error) {
	b.running[kind] = true
	b.fresh = true
	if b.engine == nil {
		b.engine, err = openh264.New(b.settings)
	}
	return err
}

func (b *board) stop(kind uint32) {
	b.running[kind] = false
	if kind == typeRaw {
		b.back = nil
	} else {
		b.waiting, b.done = nil, nil
	}
}

func (b *board) queue(q *buffer) error {
	if q.bufferType == typeCoded {
		b.waiting = append(b.waiting, q.index)
		return nil
	}
	if !b.keeps {
		b.back = append(b.back, *q)
	}
	if b.stuck {
		return nil
	}
	b.seen = b.picture(b.memory[int64(typeRaw<<24|q.index<<20)])
	unit, err := b.engine.Encode(b.seen, b.keyframe || b.fresh)
	if err != nil { // as hardware says it
		b.give(nil, videodev.BufferError)
		return nil //nolint:nilerr // the buffer's flag carries it
	}
	b.keyframe = b.keyframe && len(unit) == 0
	if b.headers {
		if p := annexb.Look(unit); p.Sets[0] != nil {
			if b.fresh {
				b.give(append(append([]byte(nil), p.Sets[0]...), p.Sets[1]...), 0)
			}
			unit = unit[len(p.Sets[0])+len(p.Sets[1]):]
		}
	}
	b.fresh = b.fresh && len(unit) == 0
	if b.damaged {
		b.give(unit, videodev.BufferError)
		return nil
	}
	b.give(unit, 0)
	return nil
}

// picture is what the memory holds, as the format says.
func (b *board) picture(memory []byte) *image.YCbCr {
	w, h := b.settings.Width, b.settings.Height
	f := image.NewYCbCr(image.Rect(0, 0, w, h), image.YCbCrSubsampleRatio420)
	luma := b.stride * b.height
	for y := range h {
		copy(f.Y[y*f.YStride:][:w], memory[y*b.stride:])
	}
	for y := range h / 2 {
		for x := range w / 2 {
			if b.raw == "NV12" {
				f.Cb[y*f.CStride+x], f.Cr[y*f.CStride+x] = memory[luma+y*b.stride+2*x], memory[luma+y*b.stride+2*x+1]
			} else {
				f.Cb[y*f.CStride+x] = memory[luma+y*b.stride/2+x]
				f.Cr[y*f.CStride+x] = memory[luma+luma/4+y*b.stride/2+x]
			}
		}
	}
	return f
}

func (b *board) give(unit []byte, flags uint32) {
	if len(b.waiting) == 0 {
		return // nowhere to put it
	}
	i := b.waiting[0]
	b.waiting = b.waiting[1:]
	b.units[i] = append([]byte{9, 9, 9}, unit...) // behind a data offset
	copy(b.memory[int64(typeCoded<<24|i<<20)], b.units[i])
	b.done = append(b.done, buffer{index: i, flags: flags, bytesUsed: uint32(len(b.units[i]))})
}

func (b *board) dequeue(q *buffer) error {
	from := &b.back
	if q.bufferType == typeCoded {
		from = &b.done
	}
	if len(*from) == 0 {
		return unix.EAGAIN
	}
	got := (*from)[0]
	*from = (*from)[1:]
	q.index, q.flags = got.index, got.flags
	q.planes.bytesUsed, q.planes.dataOffset = got.bytesUsed, 3
	return nil
}

func (b *board) Mmap(offset int64, length int) ([]byte, error) {
	b.memory[offset] = make([]byte, length)
	return b.memory[offset], nil
}

func (b *board) Munmap([]byte) error { return nil }

func (b *board) Wait(time.Duration) error {
	switch {
	case b.ended:
		return io.EOF
	case len(b.done) == 0:
		return wakeup.ErrTimeout
	}
	return nil
}

func (b *board) End() { b.ended = true }

func (b *board) Close() error {
	// A node is also opened and closed to be looked at.
	if b.engine != nil {
		b.closed = true
		err := b.engine.Close()
		b.engine = nil
		return err
	}
	return nil
}
