//go:build linux && (amd64 || arm64)

package v4l2

import (
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"podium/capture/internal/wakeup"
)

// node is an open device file. The kernel's is kernelNode; tests have another.
type node interface {
	ioctl(request uint, argument unsafe.Pointer) error
	mmap(offset int64, length int) ([]byte, error)
	munmap([]byte) error
	wait(limit time.Duration) error // as wakeup.Waiter.Wait
	end()                           // ends wait, now and later
	close() error
}

type kernelNode struct {
	fd     int
	waiter *wakeup.Waiter
}

func openNode(path string) (node, error) {
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

func (n *kernelNode) ioctl(request uint, argument unsafe.Pointer) error {
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

func (n *kernelNode) mmap(offset int64, length int) ([]byte, error) {
	return unix.Mmap(n.fd, offset, length, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
}

func (n *kernelNode) munmap(b []byte) error { return unix.Munmap(b) }

func (n *kernelNode) wait(limit time.Duration) error { return n.waiter.Wait(n.fd, limit) }

func (n *kernelNode) end() { n.waiter.End() }

func (n *kernelNode) close() error {
	err := unix.Close(n.fd)
	if closing := n.waiter.Close(); err == nil {
		err = closing
	}
	return err
}
