//go:build linux && (amd64 || arm64)

package videodev

import (
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"podium/capture/internal/wakeup"
)

// Node is an open device file. Open gives the kernel's; tests have others.
type Node interface {
	// Ioctl makes a request (one of linux/videodev2.h) with its structure.
	Ioctl(request uint, argument unsafe.Pointer) error
	Mmap(offset int64, length int) ([]byte, error)
	Munmap([]byte) error
	Wait(limit time.Duration) error // as wakeup.Waiter.Wait
	End()                           // ends Wait, now and later
	Close() error
}

type kernelNode struct {
	fd     int
	waiter *wakeup.Waiter
}

// Open opens a device file for reading and writing, without blocking.
func Open(path string) (Node, error) {
	fd, err := unix.Open(path, unix.O_RDWR|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	waiter, err := wakeup.New()
	if err != nil {
		_ = unix.Close(fd)
		return nil, err
	}
	return &kernelNode{fd: fd, waiter: waiter}, nil
}

func (n *kernelNode) Ioctl(request uint, argument unsafe.Pointer) error {
	for {
		_, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(n.fd), uintptr(request), uintptr(argument))
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

func (n *kernelNode) Mmap(offset int64, length int) ([]byte, error) {
	return unix.Mmap(n.fd, offset, length, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
}

func (n *kernelNode) Munmap(b []byte) error { return unix.Munmap(b) }

func (n *kernelNode) Wait(limit time.Duration) error { return n.waiter.Wait(n.fd, limit) }

func (n *kernelNode) End() { n.waiter.End() }

func (n *kernelNode) Close() error {
	err := unix.Close(n.fd)
	if closing := n.waiter.Close(); err == nil {
		err = closing
	}
	return err
}
