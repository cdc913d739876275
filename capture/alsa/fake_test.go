//go:build linux && (amd64 || arm64)

package alsa

import (
	"math"
	"sync"
	"testing"
	"time"
	"unsafe"

	"go.uber.org/goleak"
	"golang.org/x/sys/unix"

	"podium/capture/internal/wakeup"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fakePCM answers the ioctls as a sound card would.
type fakePCM struct {
	rates, channels, formats []int

	pipe   [2]int // readable while there are samples, or an error to see
	waiter *wakeup.Waiter

	mu      sync.Mutex
	sound   []byte
	errors  []error // of the next reads, before the samples
	starts  int
	closed  bool
	running bool
	refuse  map[uint]error
}

func newFake(t *testing.T) *fakePCM {
	t.Helper()
	f := &fakePCM{rates: []int{44100, 48000}, channels: []int{1, 2}, formats: []int{formatS16}, refuse: map[uint]error{}}
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

func (f *fakePCM) give(sound []byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.sound = append(f.sound, sound...)
	_, _ = unix.Write(f.pipe[1], []byte{1})
}

func (f *fakePCM) fail(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.errors = append(f.errors, err)
	_, _ = unix.Write(f.pipe[1], []byte{1})
}

func (f *fakePCM) Ioctl(request uint, argument unsafe.Pointer) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.refuse[request]; err != nil {
		return err
	}
	switch request {
	case reqRefine, reqHardware:
		return f.narrow((*hardwareParams)(argument), request == reqHardware)
	case reqStart:
		f.starts++
		f.running = true
	case reqDrop:
		f.running = false
	case reqRead:
		return f.read((*transfer)(argument))
	case reqDelay:
		*(*int64)(argument) = int64(len(f.sound) / 2)
	}
	return nil
}

// narrow refuses what the card has not and fixes what is left when it is set.
func (f *fakePCM) narrow(p *hardwareParams, set bool) error {
	if !overlaps(p.rangeOf(paramRate), f.rates) || !overlaps(p.rangeOf(paramChannels), f.channels) {
		return unix.EINVAL
	}
	var m mask
	for _, format := range f.formats {
		if p.allows(paramFormat, format) {
			m.bits[format/32] |= 1 << (format % 32)
		}
	}
	if m == (mask{}) {
		return unix.EINVAL
	}
	p.masks[paramFormat] = m
	if p.rangeOf(paramRate).max == math.MaxUint32 {
		p.limit(paramRate, uint32(f.rates[0]), uint32(f.rates[len(f.rates)-1]))
	}
	if set {
		p.limit(paramPeriodSize, 480, 480)
		p.limit(paramBufferSize, 9600, 9600)
	}
	return nil
}

func overlaps(r interval, values []int) bool {
	for _, v := range values {
		if uint32(v) >= r.min && uint32(v) <= r.max {
			return true
		}
	}
	return false
}

func (f *fakePCM) read(t *transfer) error {
	_, _ = unix.Read(f.pipe[0], make([]byte, 1))
	if len(f.errors) > 0 {
		err := f.errors[0]
		f.errors = f.errors[1:]
		return err
	}
	if len(f.sound) == 0 {
		return unix.EAGAIN
	}
	n := copy(unsafe.Slice(t.buffer, t.frames*2), f.sound)
	f.sound = f.sound[n:]
	t.result = int64(n / 2)
	return nil
}

func (f *fakePCM) Wait(limit time.Duration) error { return f.waiter.Wait(f.pipe[0], limit) }
func (f *fakePCM) End()                           { f.waiter.End() }

func (f *fakePCM) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
	return nil
}
