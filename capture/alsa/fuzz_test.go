//go:build linux && (amd64 || arm64)

package alsa

import (
	"strconv"
	"strings"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"podium/capture/internal/wakeup"
)

// mostAsked bounds how often a driver may be asked for anything by one opening
// and the blocks that follow.
const mostAsked = 2000

// wildPCM is a card that answers as a good one and then writes over its answers
// as the script says, or fails. The script begins anew at its end.
type wildPCM struct {
	*fakePCM
	t      *testing.T
	script []byte
	at     int
	asked  int
	waits  int
}

func (w *wildPCM) next() byte {
	if len(w.script) == 0 {
		return 0
	}
	b := w.script[w.at%len(w.script)]
	w.at++
	return b
}

func (w *wildPCM) Ioctl(request uint, argument unsafe.Pointer) error {
	if w.asked++; w.asked > mostAsked {
		w.t.Fatalf("the driver is asked without end, now %#x", request)
	}
	err := w.fakePCM.Ioctl(request, argument)
	switch w.next() % 8 {
	case 1:
		return []error{unix.EINVAL, unix.EPIPE, unix.ENODEV, unix.EAGAIN, unix.ESTRPIPE, unix.EIO}[w.next()%6]
	case 2:
		err = nil
	case 3, 4:
		w.scribble(request, argument)
	}
	return err
}

// scribble writes where a driver may write.
func (w *wildPCM) scribble(request uint, argument unsafe.Pointer) {
	size := int(request >> 16 & 0x3fff)
	if request == reqRead {
		size = int(unsafe.Sizeof(transfer{}.result)) // the rest are the caller's pointer and length
	}
	if argument == nil || size == 0 {
		return
	}
	answer := unsafe.Slice((*byte)(argument), size)
	from := int(w.next()) * 4 % size
	for i := range min(8, size-from) {
		answer[from+i] = w.next()
	}
}

func (w *wildPCM) Wait(time.Duration) error {
	if w.waits++; w.waits > 64 {
		return wakeup.ErrTimeout
	}
	return nil
}

// FuzzDriver agrees with, starts and reads a card whose driver may answer
// anything. There is an error or a block of 20 ms, and positions only grow.
func FuzzDriver(f *testing.F) {
	f.Add([]byte{}, []byte("some sound"))
	f.Add([]byte{0, 0, 0, 3, 10, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, make([]byte, 4000))
	f.Add([]byte{2}, make([]byte, 100))
	f.Add([]byte{1, 1}, []byte{})
	f.Fuzz(func(t *testing.T, script, sound []byte) {
		base := newFake(t)
		base.give(sound)
		w := &wildPCM{fakePCM: base, t: t, script: script}
		d := device{w}
		s, err := agree(d)
		if err != nil {
			wantReadable(t, err, "")
			return
		}
		if s.rate < 8000 || s.rate > 48000 || s.channels < 1 || s.channels > 2 || formatName(s.format) == "" || s.buffer <= 0 {
			t.Fatalf("agreed on %+v", s)
		}
		r := newReader("hw:Wild,0", d, s)
		last, lastAt := int64(-1), time.Time{}
		for range 4 {
			block, release, err := r.Read()
			if err != nil {
				wantReadable(t, err, "")
				return
			}
			release()
			if n := block.ChunkInfo(); n.Len != s.rate/50 || n.Channels != s.channels {
				t.Fatalf("a block of %+v", n)
			}
			if r.Position() <= last {
				t.Fatalf("position %d after %d", r.Position(), last)
			}
			if age := time.Since(r.Captured()); age < 0 || age > time.Minute {
				t.Fatalf("a block from %v ago, after one of %v", age, lastAt)
			}
			last, lastAt = r.Position(), r.Captured()
		}
	})
}

// wantReadable wants an error to say something, and not much more than what was
// given.
func wantReadable(t *testing.T, err error, given string) {
	t.Helper()
	if text := err.Error(); strings.TrimSpace(text) == "" || len(text) > 4096+9*len(given) {
		t.Errorf("the error is %.200q", text)
	}
}

// FuzzParse: a name that is read names the same device when it is written out
// in full, and the devices that Find lists are found under their own names.
func FuzzParse(f *testing.F) {
	for _, name := range []string{"hw:Loopback,1,0", "CARD=,,", "plughw:CARD=Mic,DEV=0,SUBDEV=3", "0", "hw:0,00000000000000000001", "a:b,c"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		c, err := parse(name)
		if err != nil {
			wantReadable(t, err, name)
			return
		}
		if c.card == "" || c.device < -1 || c.subdevice < -1 {
			t.Fatalf("%q is %+v", name, c)
		}
		if !c.matches(Found{Card: c.card, Number: 99, Device: max(c.device, 0)}) {
			t.Errorf("%q does not match the device that it names", name)
		}
		if back, err := parse(c.name()); err != nil || back != c {
			t.Errorf("%q is %+v, and that %+v, %v", name, c, back, err)
		}
	})
}

// name writes a choice out in full.
func (c choice) name() string {
	name := "hw:" + c.card
	if c.device >= 0 {
		name += "," + strconv.Itoa(c.device)
	}
	if c.subdevice >= 0 {
		name += "," + strconv.Itoa(c.subdevice)
	}
	return name
}
