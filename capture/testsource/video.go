package testsource

import (
	"errors"
	"image"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/mediadevices/pkg/frame"
	"github.com/pion/mediadevices/pkg/io/video"
	"github.com/pion/mediadevices/pkg/prop"

	"podium/capture/internal/i420"
)

// VideoOptions shape the test picture; the zero value is ready for use.
type VideoOptions struct {
	Label   string // written into the picture; "" means "PODIUM"
	Unpaced bool   // frames come as fast as they are read, with the times they would have had
}

// Video is the test picture as a mediadevices driver.
type Video struct {
	options VideoOptions
	once    sync.Once
	stop    chan struct{}
}

// NewVideo makes a test picture. It starts nothing.
func NewVideo(o VideoOptions) *Video {
	if o.Label == "" {
		o.Label = "PODIUM"
	}
	return &Video{options: o, stop: make(chan struct{})}
}

// Open does nothing: there is no device.
func (v *Video) Open() error { return nil }

// Close ends every Read with io.EOF.
func (v *Video) Close() error {
	v.once.Do(func() { close(v.stop) })
	return nil
}

// Properties names a usual format; VideoRecord takes any.
func (v *Video) Properties() []prop.Media {
	return []prop.Media{{Video: prop.Video{Width: 1280, Height: 720, FrameRate: 30, FrameFormat: frame.FormatI420}}}
}

// VideoRecord starts the picture at the wanted size and rate.
func (v *Video) VideoRecord(want prop.Media) (video.Reader, error) {
	if want.Width < 64 || want.Height < 64 || want.Width%2+want.Height%2 != 0 || want.FrameRate <= 0 {
		return nil, errors.New("cannot draw the test picture: it needs an even size of at least 64x64 and a frame rate")
	}
	want.FrameFormat = frame.FormatI420
	now := time.Now()
	return &VideoReader{
		format:  want,
		picture: newPicture(want.Width, want.Height, v.options.Label),
		pool:    i420.NewPool(want.Width, want.Height, 4),
		ticker: ticker{start: now, period: time.Duration(float64(time.Second) / float64(want.FrameRate)),
			unpaced: v.options.Unpaced, stop: v.stop},
	}, nil
}

// VideoReader draws the frames. Read belongs to one goroutine.
type VideoReader struct {
	format   prop.Media
	picture  *picture
	pool     *i420.Pool
	ticker   ticker
	captured time.Time
	late     atomic.Uint64
}

// Read blocks until the next frame is due and draws it.
func (r *VideoReader) Read() (image.Image, func(), error) {
	due, missed, err := r.ticker.next()
	if err != nil {
		return nil, func() {}, err
	}
	r.captured = due
	r.late.Add(uint64(missed))
	f := r.pool.Get()
	r.picture.draw(&f.YCbCr, due, r.ticker.number)
	return &f.YCbCr, f.Release, nil
}

// Captured is when the frame last read was due.
func (r *VideoReader) Captured() time.Time { return r.captured }

// Format is what the frames are.
func (r *VideoReader) Format() prop.Media { return r.format }

// Name is the device's name for people.
func (r *VideoReader) Name() string { return "test" }

// Dropped counts frames that were due and gave way to a newer one.
func (r *VideoReader) Dropped() (bad, late uint64) { return 0, r.late.Load() }
