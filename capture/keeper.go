package capture

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

const (
	// lookEvery is the pause between two looks for a device that is gone. A look
	// costs a few system calls.
	lookEvery = 250 * time.Millisecond
	// lookPatience is for how long that pause is kept; then it is lookSeldom.
	lookPatience = 2 * time.Minute
	lookSeldom   = time.Second
)

// started is a device that records, with what ends it.
type started[R any] struct {
	reader R
	close  func() error
}

// keeper has one device open, and when it fails looks for it until it is back.
// One goroutine reads: it calls live, lose and back. The rest is for anybody.
type keeper[R any] struct {
	what string // "camera" or "microphone"
	// open makes the device record.
	open func(gone time.Duration) (started[R], error) // gone: for how long it has been looked for; 0: the first time
	log  *slog.Logger

	mu      sync.Mutex // guards the four below
	closed  bool
	device  *started[R] // open; nil: lost
	lost    time.Time
	trouble error // why it is not there

	back    chan struct{} // holds one element when the device was found again
	stop    chan struct{}
	seeking sync.WaitGroup
}

func newKeeper[R any](what string, log *slog.Logger, open func(time.Duration) (started[R], error)) *keeper[R] {
	return &keeper[R]{what: what, open: open, log: log, back: make(chan struct{}, 1), stop: make(chan struct{})}
}

// begin opens the device for the first time. One that is missing or busy is looked
// for from now on; any other error is final: no replugging mends it.
func (k *keeper[R]) begin() error {
	d, err := k.open(0)
	switch {
	case err == nil:
		k.device = &d
		return nil
	case !mayComeBack(err):
		return err
	}
	k.log.Error(k.what+" is not there; looking for it", "err", err)
	k.seek(started[R]{}, err)
	return nil
}

// mayComeBack reports whether waiting may help: a device that is not there, or that
// another process has.
func mayComeBack(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, unix.ENODEV) || errors.Is(err, unix.EBUSY)
}

// live gives the device's reader; false: it is lost.
func (k *keeper[R]) live() (reader R, ok bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.device == nil {
		return reader, false
	}
	return k.device.reader, true
}

// lose takes note that the open device has failed, and looks for it.
func (k *keeper[R]) lose(err error) {
	k.mu.Lock()
	d := k.device
	k.device = nil
	k.mu.Unlock()
	if d == nil {
		return
	}
	k.log.Error(k.what+" lost; looking for it", "err", err)
	k.seek(*d, err)
}

// seek closes what has failed and looks for the device in the background.
func (k *keeper[R]) seek(former started[R], err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.lost = time.Now()
	k.trouble = k.explain(err)
	if k.closed {
		return
	}
	k.seeking.Go(func() {
		if former.close != nil {
			_ = former.close() // it has failed already
		}
		k.look()
	})
}

func (k *keeper[R]) explain(err error) error {
	return fmt.Errorf("%w; looking for it since %s", err, k.lost.Format(time.TimeOnly))
}

// look opens the device as soon as that is possible, or ends with Close.
func (k *keeper[R]) look() {
	began := time.Now()
	pause := time.NewTimer(lookEvery)
	defer pause.Stop()
	for {
		select {
		case <-k.stop:
			return
		case <-pause.C:
		}
		gone := time.Since(began)
		d, err := k.open(gone)
		if err == nil {
			k.found(d)
			return
		}
		k.mu.Lock()
		k.trouble = k.explain(err)
		k.mu.Unlock()
		next := lookEvery
		if gone > lookPatience {
			next = lookSeldom
		}
		pause.Reset(next)
	}
}

func (k *keeper[R]) found(d started[R]) {
	k.mu.Lock()
	if k.closed {
		k.mu.Unlock()
		_ = d.close() // nobody has read from it
		return
	}
	k.device = &d
	away := time.Since(k.lost)
	k.mu.Unlock()
	k.log.Info(k.what+" is back", "away", away)
	select {
	case k.back <- struct{}{}:
	default: // the reader has not yet seen the one before
	}
}

// isClosed reports whether Close was called.
func (k *keeper[R]) isClosed() bool {
	select {
	case <-k.stop:
		return true
	default:
		return false
	}
}

// works clears the trouble: the device has given something.
func (k *keeper[R]) works() {
	k.mu.Lock()
	k.trouble = nil
	k.mu.Unlock()
}

// Trouble tells why the device is not there; nil: it is.
func (k *keeper[R]) Trouble() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.trouble
}

// trouble asks a source that may go on without its device.
func trouble(source any) error {
	if t, ok := source.(interface{ Trouble() error }); ok {
		return t.Trouble()
	}
	return nil
}

// Close ends the search and closes the device.
func (k *keeper[R]) Close() error {
	k.mu.Lock()
	if k.closed {
		k.mu.Unlock()
		return nil
	}
	k.closed = true
	close(k.stop)
	d := k.device
	k.mu.Unlock()
	var err error
	if d != nil {
		err = d.close()
	}
	k.seeking.Wait()
	return err
}
