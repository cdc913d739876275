//go:build linux && (amd64 || arm64)

package v4l2

import (
	"sync"
	"testing"
	"time"
	"unsafe"

	"go.uber.org/goleak"
	"golang.org/x/sys/unix"

	"podium/capture/internal/videodev"
	"podium/capture/internal/wakeup"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fakeNode answers the ioctls as a camera would. Frames are put in with give.
type fakeNode struct {
	formats     []Format
	caps        uint32
	answer      func(*pixFormat) // changes S_FMT's answer
	failOn      map[uint]error   // by request
	noIntervals bool

	pipe   [2]int // readable while frames wait
	waiter *wakeup.Waiter

	mu      sync.Mutex
	memory  [][]byte
	queued  []uint32 // buffers that the camera may write
	done    []buffer // written, not yet dequeued
	rate    videodev.Fraction
	running bool
	mapped  int
	closed  bool
	gone    bool
}

func newFake(t *testing.T, formats ...Format) *fakeNode {
	t.Helper()
	f := &fakeNode{formats: formats, caps: capVideoCapture | videodev.CapStreaming, failOn: map[uint]error{}}
	if err := unix.Pipe2(f.pipe[:], unix.O_NONBLOCK|unix.O_CLOEXEC); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Close(f.pipe[0]); unix.Close(f.pipe[1]) })
	var err error
	if f.waiter, err = wakeup.New(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.waiter.Close() })
	return f
}

// give lets the camera write a frame with these flags, captured age ago.
func (f *fakeNode) give(data []byte, flags uint32, age time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.queued) == 0 {
		return // as a real camera does: no buffer, no frame
	}
	i := f.queued[0]
	f.queued = f.queued[1:]
	n := copy(f.memory[i], data)
	var now unix.Timespec
	_ = unix.ClockGettime(unix.CLOCK_MONOTONIC, &now)
	at := now.Nano() - int64(age)
	f.done = append(f.done, buffer{index: i, bytesUsed: uint32(n), flags: flags | timestampMonotonic,
		timestamp: videodev.Timeval{Seconds: at / 1e9, Microseconds: at % 1e9 / 1e3}})
	_, _ = unix.Write(f.pipe[1], []byte{1})
}

func (f *fakeNode) unplug() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.gone = true
	_, _ = unix.Write(f.pipe[1], []byte{1})
}

func (f *fakeNode) Ioctl(request uint, argument unsafe.Pointer) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.gone {
		return unix.ENODEV
	}
	if err := f.failOn[request]; err != nil {
		return err
	}
	switch request {
	case videodev.ReqQueryCap:
		c := (*videodev.Capability)(argument)
		copy(c.Card[:], "Fake Camera")
		c.Capabilities, c.DeviceCaps = videodev.CapDeviceCaps|capVideoCapture|videodev.CapStreaming, f.caps
	case videodev.ReqEnumFormat:
		return f.enumFormat((*videodev.FormatDescription)(argument))
	case reqEnumSizes:
		return f.enumSize((*frameSize)(argument))
	case reqEnumIntervals:
		return f.enumInterval((*frameInterval)(argument))
	case videodev.ReqSetFormat:
		if f.answer != nil {
			f.answer(&(*format)(argument).pix)
		}
	case videodev.ReqSetParm:
		p := (*videodev.StreamParm)(argument)
		if f.rate.Denominator != 0 {
			p.TimePerFrame = f.rate
		}
	case videodev.ReqRequestBuffers:
		f.memory = make([][]byte, (*videodev.RequestBuffers)(argument).Count)
	case videodev.ReqQueryBuffer:
		b := (*buffer)(argument)
		b.length, b.offset = 1<<20, b.index<<20
	case videodev.ReqQueue:
		f.queued = append(f.queued, (*buffer)(argument).index)
	case videodev.ReqDequeue:
		return f.dequeue((*buffer)(argument))
	case videodev.ReqStreamOn:
		f.running = true
	case videodev.ReqStreamOff:
		f.running = false
	default:
		return unix.ENOTTY
	}
	return nil
}

func (f *fakeNode) dequeue(b *buffer) error {
	if len(f.done) == 0 {
		return unix.EAGAIN
	}
	*b = f.done[0]
	f.done = f.done[1:]
	if len(f.done) == 0 {
		_, _ = unix.Read(f.pipe[0], make([]byte, 64))
	}
	return nil
}

func (f *fakeNode) enumFormat(d *videodev.FormatDescription) error {
	var different []string
	for _, o := range f.formats {
		if len(different) == 0 || different[len(different)-1] != o.Pixels {
			different = append(different, o.Pixels)
		}
	}
	if int(d.Index) >= len(different) {
		return unix.EINVAL
	}
	d.PixelFormat = uint32(videodev.Code(different[d.Index]))
	return nil
}

func (f *fakeNode) enumSize(s *frameSize) error {
	i := s.index
	for _, o := range f.formats {
		if uint32(videodev.Code(o.Pixels)) != s.pixelFormat {
			continue
		}
		if i == 0 {
			s.kind, s.v[0], s.v[1] = sizeDiscrete, uint32(o.Width), uint32(o.Height)
			return nil
		}
		i--
	}
	return unix.EINVAL
}

func (f *fakeNode) enumInterval(v *frameInterval) error {
	for _, o := range f.formats {
		if v.index == 0 && !f.noIntervals && uint32(videodev.Code(o.Pixels)) == v.pixelFormat && o.Width == int(v.width) && o.Height == int(v.height) {
			v.kind, v.v[0] = sizeDiscrete, videodev.Fraction{Numerator: 1000, Denominator: uint32(o.FrameRate * 1000)}
			return nil
		}
	}
	return unix.EINVAL
}

func (f *fakeNode) Mmap(offset int64, length int) ([]byte, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.mapped++
	f.memory[offset>>20] = make([]byte, length)
	return f.memory[offset>>20], nil
}

func (f *fakeNode) Munmap([]byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.mapped--
	return nil
}

func (f *fakeNode) Wait(limit time.Duration) error { return f.waiter.Wait(f.pipe[0], limit) }
func (f *fakeNode) End()                           { f.waiter.End() }

func (f *fakeNode) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
	return nil
}
