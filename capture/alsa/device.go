//go:build linux && (amd64 || arm64)

package alsa

import (
	"fmt"
	"path/filepath"
	"runtime"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"podium/capture/internal/wakeup"
)

// pcm is an open capture device. The kernel's is kernelPCM; tests have another.
type pcm interface {
	Ioctl(request uint, argument unsafe.Pointer) error
	Wait(limit time.Duration) error // as wakeup.Waiter.Wait
	End()                           // ends Wait, now and later
	Close() error
}

// device adds to a pcm what is made of its ioctls.
type device struct{ pcm }

type kernelPCM struct{ *wakeup.Device }

// openPCM opens without waiting: a busy device is EBUSY at once.
func openPCM(f Found, subdevice int) (pcm, error) {
	if subdevice >= 0 {
		// The kernel keeps the wish for the thread that made it.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		control, err := prefer(f, subdevice)
		if err != nil {
			return nil, err
		}
		defer unix.Close(control)
	}
	d, err := wakeup.Open(f.Path)
	if err != nil {
		return nil, err
	}
	p := kernelPCM{d}
	if err := p.check(subdevice); err != nil {
		_ = p.Close()
		return nil, err
	}
	return p, nil
}

// prefer asks the card for one of the device's subdevices; the wish holds as
// long as the returned control device is open.
func prefer(f Found, subdevice int) (int, error) {
	path := filepath.Join(filepath.Dir(f.Path), fmt.Sprintf("controlC%d", f.Number))
	fd, err := unix.Open(path, unix.O_RDWR|unix.O_CLOEXEC, 0)
	if err != nil {
		return -1, err
	}
	wish := int32(subdevice)
	if _, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), reqPreferSubdev, uintptr(unsafe.Pointer(&wish))); errno != 0 {
		_ = unix.Close(fd)
		return -1, errno
	}
	return fd, nil
}

// check makes sure that the kernel gave the subdevice that was asked for.
func (p kernelPCM) check(subdevice int) error {
	var info pcmInfo
	if err := p.Ioctl(reqInfo, unsafe.Pointer(&info)); err != nil {
		return err
	}
	if subdevice >= 0 && int(info.subdevice) != subdevice {
		return fmt.Errorf("subdevice %d is not to be had: %w", subdevice, unix.EBUSY)
	}
	return nil
}

// read takes up to len(b) bytes of whole frames and returns how many frames.
func (d device) read(b []byte, frameBytes int) (int, error) {
	// The kernel writes through a pointer inside the structure, which the
	// garbage collector keeps valid as long as the structure is referenced.
	var pin runtime.Pinner
	pin.Pin(&b[0])
	defer pin.Unpin()
	t := transfer{buffer: &b[0], frames: uint64(len(b) / frameBytes)}
	if err := d.Ioctl(reqRead, unsafe.Pointer(&t)); err != nil {
		return 0, err
	}
	return int(t.result), nil
}

// delay is how many frames the card has captured that nobody has read.
func (d device) delay() int {
	var frames int64
	if d.Ioctl(reqDelay, unsafe.Pointer(&frames)) != nil {
		return 0
	}
	return int(max(frames, 0))
}

// start makes the card record, also again after an overrun.
func (d device) start() error {
	if err := d.Ioctl(reqPrepare, nil); err != nil {
		return err
	}
	return d.Ioctl(reqStart, nil)
}
