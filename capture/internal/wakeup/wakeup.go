//go:build linux

package wakeup

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// ErrTimeout is what Wait returns when the device had nothing for too long.
var ErrTimeout = errors.New("nothing to read")

// Waiter waits for one device's file descriptor. Wait and Close belong to the
// reader, End to anybody.
type Waiter struct {
	mu     sync.Mutex // keeps End off a descriptor that Close has closed
	event  int        // an eventfd: unlike a flag, it is seen inside poll
	closed bool
}

// New makes a Waiter; it holds one file descriptor until Close.
func New() (*Waiter, error) {
	fd, err := unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK)
	if err != nil {
		return nil, fmt.Errorf("cannot make an eventfd: %w", err)
	}
	return &Waiter{event: fd}, nil
}

// Wait blocks until device is readable (nil), End was called (io.EOF), the
// device is gone (ENODEV), or limit is over (ErrTimeout).
func (w *Waiter) Wait(device int, limit time.Duration) error {
	deadline := time.Now().Add(limit)
	for {
		fds := []unix.PollFd{{Fd: int32(w.event), Events: unix.POLLIN}, {Fd: int32(device), Events: unix.POLLIN}}
		left := max(time.Until(deadline), 0)
		n, err := unix.Poll(fds, int(left/time.Millisecond)+1)
		switch {
		case err == unix.EINTR:
			continue
		case err != nil:
			return fmt.Errorf("cannot poll: %w", err)
		case fds[0].Revents != 0:
			return io.EOF
		case fds[1].Revents&unix.POLLIN != 0:
			return nil // what was captured before an error comes first; the read itself shows the error
		case fds[1].Revents != 0:
			return unix.ENODEV
		case n == 0:
			return ErrTimeout
		}
	}
}

// End makes this and every later Wait return io.EOF.
func (w *Waiter) End() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return
	}
	// The counter only ever grows by one per End and cannot overflow.
	_, _ = unix.Write(w.event, binary.NativeEndian.AppendUint64(nil, 1))
}

// Close frees the descriptor. No Wait may be under way.
func (w *Waiter) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return nil
	}
	w.closed = true
	return unix.Close(w.event)
}
