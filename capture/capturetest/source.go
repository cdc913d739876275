package capturetest

import (
	"io"
	"sync"
	"time"

	"github.com/pion/webrtc/v4/pkg/media"
)

// Source is a fake capture.Video or capture.Audio. Its zero value is not ready:
// use NewVideo or NewAudio. Its methods may be called from any goroutine.
type Source struct {
	samples chan media.Sample
	closing chan struct{}
	failed  chan struct{}

	mu        sync.Mutex
	err       error
	closed    bool
	keyframes int
	reads     int
	onClose   func() error
}

// NewVideo makes a source that blocks in ReadSample until there is a Push, a
// Fail or a Close.
func NewVideo() *Source { return newSource() }

// NewAudio is the same for sound; it merely is never asked for keyframes.
func NewAudio() *Source { return newSource() }

func newSource() *Source {
	return &Source{samples: make(chan media.Sample), closing: make(chan struct{}), failed: make(chan struct{})}
}

// Push hands one sample to the next ReadSample and blocks until that took it.
// It reports false, at once, when the source is closed or has failed.
func (s *Source) Push(sample media.Sample) bool {
	if sample.Timestamp.IsZero() {
		sample.Timestamp = time.Now()
	}
	select {
	case <-s.closing:
		return false
	case <-s.failed:
		return false
	default:
	}
	select {
	case s.samples <- sample:
		return true
	case <-s.closing:
		return false
	case <-s.failed:
		return false
	}
}

// Fail makes every ReadSample return err, as after a cable was pulled.
func (s *Source) Fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		s.err = err
		close(s.failed)
	}
}

// OnClose makes Close call f once and return what it returns: a device that
// takes long to close, or does not.
func (s *Source) OnClose(f func() error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.onClose = f
}

// ReadSample is as capture.Video's.
func (s *Source) ReadSample() (media.Sample, error) {
	s.mu.Lock()
	s.reads++
	s.mu.Unlock()
	select {
	case <-s.closing:
		return media.Sample{}, io.EOF
	default:
	}
	select {
	case sample := <-s.samples:
		return sample, nil
	case <-s.failed:
		s.mu.Lock()
		defer s.mu.Unlock()
		return media.Sample{}, s.err
	case <-s.closing:
		return media.Sample{}, io.EOF
	}
}

// RequestKeyframe is as capture.Video's; Keyframes counts the calls.
func (s *Source) RequestKeyframe() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keyframes++
}

// Close is as capture.Video's.
func (s *Source) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	close(s.closing)
	f := s.onClose
	s.mu.Unlock()
	if f != nil {
		return f()
	}
	return nil
}

// Keyframes is how often a keyframe was requested.
func (s *Source) Keyframes() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.keyframes
}

// Reads is how often ReadSample was called.
func (s *Source) Reads() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.reads
}

// Closed reports whether Close was called.
func (s *Source) Closed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closed
}
