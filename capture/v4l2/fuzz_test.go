//go:build linux && (amd64 || arm64)

package v4l2

import (
	"bytes"
	"errors"
	"image"
	"io"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"
	"unsafe"

	"golang.org/x/sys/unix"

	"podium/capture/internal/wakeup"
)

// mostAsked bounds how often a driver may be asked for anything by one opening,
// whatever it answers. A good camera is asked some hundred times.
const mostAsked = 20_000

// wildNode is a driver that answers as a camera would and then writes over its
// answers as the script says, or fails, or says yes where it had nothing to say.
// The script begins anew at its end, so that it can answer for ever.
type wildNode struct {
	*fakeNode
	t      *testing.T
	script []byte
	at     int
	asked  int
	waits  int
}

func (w *wildNode) next() byte {
	if len(w.script) == 0 {
		return 0
	}
	b := w.script[w.at%len(w.script)]
	w.at++
	return b
}

func (w *wildNode) Ioctl(request uint, argument unsafe.Pointer) error {
	if w.asked++; w.asked > mostAsked {
		w.t.Fatalf("the driver is asked without end, now %#x", request)
	}
	err := w.fakeNode.Ioctl(request, argument)
	switch w.next() % 8 {
	case 1:
		return []error{unix.EINVAL, unix.EBUSY, unix.ENODEV, unix.EAGAIN, unix.ENOTTY, unix.EIO}[w.next()%6]
	case 2:
		err = nil
	case 3, 4: // as the kernel does, within the structure's size
		answer := unsafe.Slice((*byte)(argument), request>>16&0x3fff)
		from := int(w.next()) % len(answer)
		for i := range min(4, len(answer)-from) {
			answer[from+i] = w.next()
		}
	}
	return err
}

// mmap refuses as the kernel does what is no buffer of the driver's.
func (w *wildNode) Mmap(offset int64, length int) ([]byte, error) {
	if length <= 0 || length > 1<<20 || offset < 0 || int(offset>>20) >= len(w.memory) {
		return nil, unix.EINVAL
	}
	return w.fakeNode.Mmap(offset, length)
}

func (w *wildNode) Wait(time.Duration) error {
	if w.waits++; w.waits > 64 {
		return wakeup.ErrTimeout
	}
	return nil
}

// FuzzDriver opens, starts, reads and closes a camera whose driver may answer
// anything. There is an error or a picture of the size that was asked for; no
// answer makes the opening endless, and nothing stays mapped.
func FuzzDriver(f *testing.F) {
	f.Add([]byte{}, []byte{1, 2, 3}, byte(0))
	f.Add([]byte{0, 3, 40, 0xff, 0xff, 0xff, 0xff}, bytes.Repeat([]byte{0x80}, 64*48*2), byte(1))
	f.Add([]byte{2}, []byte{}, byte(2))
	f.Add([]byte{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 3}, []byte{}, byte(3))
	f.Fuzz(func(t *testing.T, script, frame []byte, pixels byte) {
		const width, height = 64, 48
		base := newFake(t, Format{preference[int(pixels)%len(preference)], width, height, 30})
		n := &wildNode{fakeNode: base, t: t, script: script}
		card, err := usable(n)
		if err != nil {
			return
		}
		if len(card) > 32 {
			t.Errorf("the card's name is %q", card)
		}
		got, err := negotiate(n, width, height, 30)
		if err != nil {
			wantReadable(t, err)
			return
		}
		if got.width != width || got.height != height || got.stride < width || got.rate <= 0 || got.rate > 1000 {
			t.Fatalf("negotiated %+v", got)
		}
		s, err := startStream(n)
		if err != nil {
			wantReadable(t, err)
			wantUnmapped(t, base)
			return
		}
		r := newReader("/dev/video0", s, got)
		for range 3 {
			base.give(frame, 0, 0)
			readWild(t, r)
		}
		n.script = nil // a driver that says no at the end keeps what it has: that is its own matter
		if err := r.stop(); err != nil {
			t.Errorf("cannot stop: %v", err)
		}
		wantUnmapped(t, base)
	})
}

func readWild(t *testing.T, r *Reader) {
	t.Helper()
	picture, release, err := r.Read()
	defer release()
	if err != nil {
		if !errors.Is(err, io.EOF) {
			wantReadable(t, err)
		}
		return
	}
	if picture.Bounds() != image.Rect(0, 0, r.format.width, r.format.height) {
		t.Errorf("a picture of %v", picture.Bounds())
	}
	if age := time.Since(r.Captured()); age < -time.Second || age > 2*oldestTime {
		t.Errorf("a picture from %v ago", age)
	}
}

func wantUnmapped(t *testing.T, f *fakeNode) {
	t.Helper()
	if f.mapped != 0 {
		t.Errorf("%d buffers stay mapped", f.mapped)
	}
}

// wantReadable wants an error's text to be safe to print and not too long.
func wantReadable(t *testing.T, err error) {
	t.Helper()
	text := err.Error()
	if !utf8.ValidString(text) || len(text) > 64<<10 {
		t.Errorf("the error is %d bytes of %.200q", len(text), text)
	}
	for _, r := range text {
		if !unicode.IsPrint(r) {
			t.Fatalf("the error %q would drive a terminal", text)
		}
	}
}
