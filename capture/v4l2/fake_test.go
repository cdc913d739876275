//go:build linux && (amd64 || arm64)

package v4l2

import (
	"sync"
	"testing"
	"time"
	"unsafe"

	"go.uber.org/goleak"
	"golang.org/x/sys/unix"

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
	rate    fraction
	running bool
	mapped  int
	closed  bool
	gone    bool
}

func newFake(t *testing.T, formats ...Format) *fakeNode {
	t.Helper()
	f := &fakeNode{formats: formats, caps: capVideoCapture | capStreaming, failOn: map[uint]error{}}
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
		timestamp: timeval{at / 1e9, at % 1e9 / 1e3}})
	_, _ = unix.Write(f.pipe[1], []byte{1})
}

func (f *fakeNode) unplug() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.gone = true
	_, _ = unix.Write(f.pipe[1], []byte{1})
}

func (f *fakeNode) ioctl(request uint, argument unsafe.Pointer) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.gone {
		return unix.ENODEV
	}
	if err := f.failOn[request]; err != nil {
		return err
	}
	switch request {
	case reqQueryCap:
		c := (*capability)(argument)
		copy(c.card[:], "Fake Camera")
		c.capabilities, c.deviceCaps = capDeviceCaps|capVideoCapture|capStreaming, f.caps
	case reqEnumFormat:
		return f.enumFormat((*formatDescription)(argument))
	case reqEnumSizes:
		return f.enumSize((*frameSize)(argument))
	case reqEnumIntervals:
		return f.enumInterval((*frameInterval)(argument))
	case reqSetFormat:
		if f.answer != nil {
			f.answer(&(*format)(argument).pix)
		}
	case reqSetParm:
		p := (*streamParm)(argument)
		if f.rate.denominator != 0 {
			p.timePerFrame = f.rate
		}
	case reqRequestBuffers:
		f.memory = make([][]byte, (*requestBuffers)(argument).count)
	case reqQueryBuffer:
		b := (*buffer)(argument)
		b.length, b.offset = 1<<20, b.index<<20
	case reqQueue:
		f.queued = append(f.queued, (*buffer)(argument).index)
	case reqDequeue:
		return f.dequeue((*buffer)(argument))
	case reqStreamOn:
		f.running = true
	case reqStreamOff:
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

func (f *fakeNode) enumFormat(d *formatDescription) error {
	var different []string
	for _, o := range f.formats {
		if len(different) == 0 || different[len(different)-1] != o.Pixels {
			different = append(different, o.Pixels)
		}
	}
	if int(d.index) >= len(different) {
		return unix.EINVAL
	}
	d.pixelFormat = uint32(code(different[d.index]))
	return nil
}

func (f *fakeNode) enumSize(s *frameSize) error {
	i := s.index
	for _, o := range f.formats {
		if uint32(code(o.Pixels)) != s.pixelFormat {
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
		if v.index == 0 && !f.noIntervals && uint32(code(o.Pixels)) == v.pixelFormat && o.Width == int(v.width) && o.Height == int(v.height) {
			v.kind, v.v[0] = sizeDiscrete, fraction{1000, uint32(o.FrameRate * 1000)}
			return nil
		}
	}
	return unix.EINVAL
}

func (f *fakeNode) mmap(offset int64, length int) ([]byte, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.mapped++
	f.memory[offset>>20] = make([]byte, length)
	return f.memory[offset>>20], nil
}

func (f *fakeNode) munmap([]byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.mapped--
	return nil
}

func (f *fakeNode) wait(limit time.Duration) error { return f.waiter.Wait(f.pipe[0], limit) }
func (f *fakeNode) end()                           { f.waiter.End() }

func (f *fakeNode) close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
	return nil
}
