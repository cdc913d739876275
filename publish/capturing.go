package publish

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// closeLimit is how long a device may take to close until it is called stuck.
	closeLimit = time.Second
)

// device is a camera or a microphone through all publications: one of them has
// it at a time, and the next waits until it is closed.
type device struct {
	name string
	open func() (Source, error)
	free chan struct{} // holds one element while nobody has the device
	log  *slog.Logger
}

func newDevice(name string, open func() (Source, error), log *slog.Logger) *device {
	d := &device{name: name, open: open, free: make(chan struct{}, 1), log: log.With("device", name)}
	d.free <- struct{}{}
	return d
}

// capturing is one use of a device by one publication.
type capturing struct {
	device *device
	sink   *sink
	source atomic.Pointer[Source] // while it is open
	opened func(Source)           // nil: nobody asks
	fault  func(error)
	works  func()
}

// run has the device open until the context ends or the device fails, and
// returns when it is closed.
func (c *capturing) run(ctx context.Context) {
	if !c.take(ctx) {
		return
	}
	defer func() { c.device.free <- struct{}{} }()
	watch := watchSilence(func() {
		if ctx.Err() == nil {
			c.fault(fmt.Errorf("the %s has sent nothing for %s: check its cable, or whether its driver hangs", c.device.name, silence))
		}
	})
	defer watch.stop()
	source, err := c.openDevice(ctx)
	if err != nil {
		c.fault(err)
		return
	}
	c.device.log.Info("device opened")
	over, end := context.WithCancel(ctx)
	var closing sync.WaitGroup
	closing.Go(func() {
		<-over.Done()
		c.close(source)
	})
	c.source.Store(&source)
	if c.opened != nil {
		c.opened(source)
	}
	err = c.read(ctx, source, watch)
	watch.stop()
	if err != nil && ctx.Err() == nil {
		c.fault(err)
	}
	end()
	closing.Wait()
}

// openDevice opens the device. One whose driver hangs meanwhile is left to it: the
// publication may end, and nobody waits for it but the next use of the device.
func (c *capturing) openDevice(ctx context.Context) (Source, error) {
	done := make(chan struct{})
	defer close(done)
	stop := context.AfterFunc(ctx, func() {
		limit := time.NewTimer(closeLimit)
		defer limit.Stop()
		select {
		case <-done:
		case <-limit.C:
			c.device.log.Error("device does not open; abandoned until its driver lets go")
		}
	})
	defer stop()
	return c.device.open()
}

// take waits for the device; false: the publication ended first.
func (c *capturing) take(ctx context.Context) bool {
	late := time.AfterFunc(closeLimit, func() {
		c.fault(fmt.Errorf("cannot open the %s: it is still being closed after its last use; its driver hangs", c.device.name))
	})
	defer late.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-c.device.free:
	}
	if ctx.Err() != nil {
		c.device.free <- struct{}{}
		return false
	}
	return true
}

// read moves samples until the publication or the device ends.
func (c *capturing) read(ctx context.Context, source Source, watch *silenceWatch) error {
	for ctx.Err() == nil {
		sample, err := source.ReadSample()
		if errors.Is(err, io.EOF) {
			return fmt.Errorf("the %s ended by itself", c.device.name)
		}
		if err != nil {
			return err
		}
		watch.heard()
		c.judge(source)
		c.sink.put(sample)
	}
	return nil
}

// judge tells whether the device works: a source may go on without it.
func (c *capturing) judge(source Source) {
	if t, ok := source.(troubled); ok {
		if err := t.Trouble(); err != nil {
			c.fault(err)
			return
		}
	}
	c.works()
}

// close closes the source. One that does not close is left to its driver: nobody
// waits for it but the next use of the device.
func (c *capturing) close(source Source) {
	stuck := time.AfterFunc(closeLimit, func() {
		c.device.log.Error("device does not close; abandoned until its driver lets go")
	})
	defer stuck.Stop()
	began := time.Now()
	err := source.Close()
	c.source.Store(nil)
	if r, ok := source.(releaser); ok && err != nil {
		select {
		case <-r.Released():
		default: // its own patience is shorter than ours
			stuck.Stop()
			c.device.log.Error("device does not close; abandoned until its driver lets go", "err", err)
			<-r.Released()
			c.device.log.Info("device closed at last", "took", time.Since(began))
			return
		}
	}
	if err != nil {
		c.device.log.Warn("device closed with an error", "err", err)
		return
	}
	c.device.log.Info("device closed", "took", time.Since(began))
}

// info is what the open source tells about itself.
func (c *capturing) info() Info {
	if c == nil {
		return Info{}
	}
	if source := c.source.Load(); source != nil {
		if i, ok := (*source).(informer); ok {
			return i.Info()
		}
	}
	return Info{}
}
