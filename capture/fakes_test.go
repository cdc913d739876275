package capture

import (
	"image"
	"io"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/pion/mediadevices/pkg/io/audio"
	"github.com/pion/mediadevices/pkg/io/video"
	"github.com/pion/mediadevices/pkg/prop"
	"github.com/pion/mediadevices/pkg/wave"

	"podium/capture/internal/i420"
)

// noisyCamera gives pictures that are hard to encode: texture that drifts, with
// fresh noise on it, as a real camera's sensor has.
type noisyCamera struct{}

func (c *noisyCamera) Open() error              { return nil }
func (c *noisyCamera) Close() error             { return nil }
func (c *noisyCamera) Properties() []prop.Media { return nil }

func (c *noisyCamera) VideoRecord(want prop.Media) (video.Reader, error) {
	return &noisyReader{format: want, pool: i420.NewPool(want.Width, want.Height, 3), start: time.Now().Add(time.Hour), r: rand.New(rand.NewPCG(3, 4))}, nil
}

type noisyReader struct {
	format prop.Media
	pool   *i420.Pool
	start  time.Time
	n      int
	r      *rand.Rand
}

func (r *noisyReader) Read() (image.Image, func(), error) {
	r.n++
	var noise uint64
	frame := r.pool.Get()
	for i := range frame.Y {
		if i%16 == 0 {
			noise = r.r.Uint64()
		}
		x, y := i%r.format.Width, i/r.format.Width
		frame.Y[i] = byte((x+3*r.n)/4&0x60+(y+r.n)/8&0x1f+40) + byte(noise&7)
		noise >>= 4
	}
	return &frame.YCbCr, frame.Release, nil
}

func (r *noisyReader) Captured() time.Time {
	return r.start.Add(time.Duration(float64(r.n) * float64(time.Second) / float64(r.format.FrameRate)))
}
func (r *noisyReader) Format() prop.Media { return r.format }
func (r *noisyReader) Name() string       { return "noise" }

// stuck is a device whose Read never returns until it is let go, whose Close may
// hang as well, and which can fail.
type stuck struct {
	letGo      chan struct{}
	closeHangs bool
	err        error // what Read returns instead of blocking
	reading    chan struct{}

	mu     sync.Mutex
	opened int
	closed int
}

func (s *stuck) Open() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.opened++
	return nil
}

func (s *stuck) Close() error {
	s.mu.Lock()
	s.closed++
	s.mu.Unlock()
	if s.closeHangs {
		<-s.letGo
	}
	return nil
}

func (s *stuck) Properties() []prop.Media { return nil }

func (s *stuck) VideoRecord(prop.Media) (video.Reader, error) { return stuckVideo{s}, nil }
func (s *stuck) AudioRecord(prop.Media) (audio.Reader, error) { return stuckAudio{s}, nil }

func (s *stuck) block() error {
	if s.err != nil {
		return s.err
	}
	s.reading <- struct{}{}
	<-s.letGo
	return io.EOF
}

type stuckVideo struct{ *stuck }

func (s stuckVideo) Read() (image.Image, func(), error) { return nil, func() {}, s.block() }

type stuckAudio struct{ *stuck }

func (s stuckAudio) Read() (wave.Audio, func(), error) { return nil, func() {}, s.block() }
func (s stuckAudio) Captured() time.Time               { return time.Time{} }
func (s stuckAudio) Position() int64                   { return 0 }
func (s stuckAudio) Name() string                      { return "stuck" }
func (s stuckAudio) Format() prop.Media {
	return prop.Media{Audio: prop.Audio{SampleRate: 48000, ChannelCount: 1}}
}
