//go:build linux

package wakeup

import (
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Device is an open device file. End is for anybody, the rest for its reader.
type Device struct {
	fd     int
	waiter *Waiter
}

// Open opens a device file for reading and writing, without blocking: a busy one is
// EBUSY at once, where its driver says so.
func Open(path string) (*Device, error) {
	fd, err := unix.Open(path, unix.O_RDWR|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	waiter, err := New()
	if err != nil {
		_ = unix.Close(fd)
		return nil, err
	}
	return &Device{fd: fd, waiter: waiter}, nil
}

// FD is the file descriptor.
func (d *Device) FD() int { return d.fd }

// Ioctl makes a request with its argument; an error is the kernel's errno.
func (d *Device) Ioctl(request uint, argument unsafe.Pointer) error {
	for {
		_, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(d.fd), uintptr(request), uintptr(argument))
		switch errno {
		case 0:
			return nil
		case unix.EINTR:
			continue
		default:
			return errno
		}
	}
}

// Wait is Waiter.Wait for this device.
func (d *Device) Wait(limit time.Duration) error { return d.waiter.Wait(d.fd, limit) }

// End ends Wait, now and later.
func (d *Device) End() { d.waiter.End() }

// Close closes the file. No Wait may be under way.
func (d *Device) Close() error {
	err := unix.Close(d.fd)
	if closing := d.waiter.Close(); err == nil {
		err = closing
	}
	return err
}
