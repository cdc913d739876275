package capture

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/pion/webrtc/v4/pkg/media"
)

// closeLimit is how long Close waits for a driver. The contract with callers is
// one second; the rest is for a busy machine.
const closeLimit = 800 * time.Millisecond

// pump runs one device and its encoder in one goroutine and hands over one
// sample for each demand. Nothing is encoded that nobody waits for: a consumer
// that falls behind makes the device drop old frames, not the pump grow a queue
// of encoded ones, which could not be dropped.
type pump struct {
	device string                       // for error texts
	read   func() (media.Sample, error) // blocks; runs in the pump's goroutine only
	stop   func() error                 // ends a blocked read and closes the device
	free   func() error                 // frees the encoder, after the last read

	turn     sync.Mutex // one consumer at a time
	want     chan struct{}
	out      chan media.Sample
	failed   chan struct{} // closed once err is set
	err      error
	ended    chan struct{} // closed when the goroutine has ended
	once     sync.Once
	closing  chan struct{}
	closed   chan struct{} // closed when device and encoder are closed
	closeErr error
}

func (p *pump) start() {
	p.want, p.out = make(chan struct{}), make(chan media.Sample)
	p.failed, p.ended = make(chan struct{}), make(chan struct{})
	p.closing, p.closed = make(chan struct{}), make(chan struct{})
	go p.run()
}

func (p *pump) run() {
	defer close(p.ended)
	for {
		select {
		case <-p.want:
		case <-p.closing:
			return
		}
		sample, err := p.read()
		if err != nil {
			p.err = err
			close(p.failed)
			return
		}
		select {
		case p.out <- sample:
		case <-p.closing:
			return
		}
	}
}

// next blocks for the next sample. After Close it is io.EOF; after a device
// error it is that error, again and again.
func (p *pump) next() (media.Sample, error) {
	p.turn.Lock()
	defer p.turn.Unlock()
	if p.isClosing() {
		return media.Sample{}, io.EOF
	}
	select {
	case p.want <- struct{}{}:
	case <-p.failed:
		return media.Sample{}, p.err
	case <-p.closing:
		return media.Sample{}, io.EOF
	}
	select {
	case sample := <-p.out:
		return sample, nil
	case <-p.failed:
		if p.isClosing() {
			return media.Sample{}, io.EOF
		}
		return media.Sample{}, p.err
	case <-p.closing:
		return media.Sample{}, io.EOF
	}
}

func (p *pump) isClosing() bool {
	select {
	case <-p.closing:
		return true
	default:
		return false
	}
}

// close ends everything, or gives up waiting for it: a driver that is stuck in
// the kernel keeps its goroutine, which finishes the work if it ever comes back.
func (p *pump) close() error {
	p.once.Do(func() {
		close(p.closing)
		go p.shutDown()
	})
	limit := time.NewTimer(closeLimit)
	defer limit.Stop()
	select {
	case <-p.closed:
		return p.closeErr
	case <-limit.C:
		return fmt.Errorf("cannot close %s: its driver does not answer; it stays open until it does", p.device)
	}
}

// released is closed when device and encoder are closed; never before close.
func (p *pump) released() <-chan struct{} { return p.closed }

func (p *pump) shutDown() {
	defer close(p.closed)
	stopped := p.stop()
	<-p.ended
	freed := p.free()
	switch {
	case stopped != nil:
		p.closeErr = fmt.Errorf("cannot close %s: %w", p.device, stopped)
	case freed != nil:
		p.closeErr = fmt.Errorf("cannot free the encoder of %s: %w", p.device, freed)
	}
}
