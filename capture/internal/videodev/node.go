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

type kernelNode struct{ *wakeup.Device }

// Open opens a device file for reading and writing, without blocking.
func Open(path string) (Node, error) {
	d, err := wakeup.Open(path)
	if err != nil {
		return nil, err
	}
	return kernelNode{d}, nil
}

func (n kernelNode) Mmap(offset int64, length int) ([]byte, error) {
	return unix.Mmap(n.FD(), offset, length, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
}

func (n kernelNode) Munmap(b []byte) error { return unix.Munmap(b) }
