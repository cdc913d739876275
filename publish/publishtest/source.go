package publishtest

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/webrtc/v4/pkg/media"

	"podium/publish"
)

// The periods of the samples.
const (
	FramePeriod  = 20 * time.Millisecond // video
	PacketPeriod = 10 * time.Millisecond // audio
)

// Source is a running device. It implements publish.VideoSource.
type Source struct {
	period   time.Duration
	began    time.Time // when sample 0 would have been captured
	video    bool
	filler   string
	tick     *time.Ticker
	closed   chan struct{}
	once     sync.Once
	failed   chan error
	hanging  atomic.Pointer[chan struct{}]
	keyframe atomic.Bool
	requests atomic.Int64
	deaf     atomic.Int64
	samples  atomic.Int64
	isClosed atomic.Bool
	bitRate  atomic.Int64 // as SetBitRate said; 0: it said nothing
}

func newSource(video bool, period, lag time.Duration) *Source {
	s := &Source{
		period: period, began: time.Now().Add(-lag), video: video, tick: time.NewTicker(period),
		closed: make(chan struct{}), failed: make(chan error, 1),
	}
	if video {
		s.filler = strings.Repeat("p", 1500) // two packets per picture
	}
	s.keyframe.Store(true)
	return s
}

// ReadSample implements publish.Source. The first access unit of a camera is a
// keyframe, the next ones are only when asked for.
func (s *Source) ReadSample() (media.Sample, error) {
	s.hang()
	select {
	case <-s.closed:
		return media.Sample{}, io.EOF
	case err := <-s.failed:
		return media.Sample{}, err
	case <-s.tick.C:
	}
	n := s.samples.Add(1)
	return media.Sample{Data: s.unit(n), Duration: s.period, Timestamp: s.Captured(n)}, nil
}

// Captured is when sample n was captured; the first is 1.
func (s *Source) Captured(n int64) time.Time { return s.began.Add(time.Duration(n) * s.period) }

func (s *Source) unit(n int64) []byte {
	filler := s.filler
	if bits := s.bitRate.Load(); bits > 0 && s.video {
		filler = strings.Repeat("p", int(bits*int64(s.period)/int64(8*time.Second)))
	}
	text := fmt.Sprintf("%08d%s", n, filler)
	switch {
	case !s.video:
		return []byte(text)
	case s.keyframe.Swap(false):
		return []byte("\x00\x00\x00\x01\x67sps\x00\x00\x00\x01\x68pps\x00\x00\x00\x01\x65" + text)
	default:
		return []byte("\x00\x00\x00\x01\x41" + text)
	}
}

// RequestKeyframe implements publish.VideoSource.
func (s *Source) RequestKeyframe() {
	s.requests.Add(1)
	if s.deaf.Add(-1) < 0 {
		s.keyframe.Store(true)
	}
}

// SetBitRate makes the pictures as large as that.
func (s *Source) SetBitRate(bitRate int) { s.bitRate.Store(int64(bitRate)) }

// BitRate is what SetBitRate said last; 0: nothing.
func (s *Source) BitRate() int { return int(s.bitRate.Load()) }

// Deafen makes the camera forget the next n requests for a keyframe, as some
// encoders do.
func (s *Source) Deafen(n int64) { s.deaf.Store(n) }

// Close implements publish.Source.
func (s *Source) Close() error {
	s.hang()
	s.once.Do(func() {
		s.tick.Stop()
		s.isClosed.Store(true)
		close(s.closed)
	})
	return nil
}

// Info tells what a real encoder would.
func (s *Source) Info() publish.Info {
	if !s.video {
		return publish.Info{Encoder: "fake-opus", BitRate: 64_000}
	}
	return publish.Info{Encoder: "fake-h264", Width: 640, Height: 360, FrameRate: 50, BitRate: 600_000}
}

// Fail makes the waiting ReadSample, or the next, return err.
func (s *Source) Fail(err error) { s.failed <- err }

// Hang makes ReadSample and Close block until release is called.
func (s *Source) Hang() (release func()) {
	gate := make(chan struct{})
	s.hanging.Store(&gate)
	return sync.OnceFunc(func() { close(gate) })
}

func (s *Source) hang() {
	if gate := s.hanging.Load(); gate != nil {
		<-*gate
	}
}

// KeyframeRequests is how often a keyframe was asked for.
func (s *Source) KeyframeRequests() int64 { return s.requests.Load() }

// Samples is how many samples were read.
func (s *Source) Samples() int64 { return s.samples.Load() }

// Closed reports whether Close has done its work.
func (s *Source) Closed() bool { return s.isClosed.Load() }
