package capture

import (
	"fmt"
	"image"
	"sync/atomic"
	"time"

	"github.com/pion/mediadevices/pkg/codec"
	"github.com/pion/mediadevices/pkg/driver"
	"github.com/pion/mediadevices/pkg/io/video"
	"github.com/pion/mediadevices/pkg/prop"
)

// camera is what a Video needs: a mediadevices driver.
type camera interface {
	driver.Adapter
	driver.VideoRecorder
}

// cameraReader is what our own recorders' readers can do beyond mediadevices'
// video.Reader. A foreign reader without it is timed when its frame arrives.
type cameraReader interface {
	video.Reader
	Captured() time.Time // of the frame last read
	Format() prop.Media  // as negotiated with the device
	Name() string        // of the device, for people
}

// videoTap stands between recorder and encoder. It runs within the encoder's
// Read, hence in the pump's goroutine, between the moment a frame is there and
// the moment it is encoded: the one place where a keyframe can be ordered
// without a race with an encode that is under way.
type videoTap struct {
	source   video.Reader
	size     image.Point
	keyframe codec.KeyFrameController

	wanted   atomic.Bool // a keyframe was asked for and not yet ordered
	ordered  bool        // the frame being encoded was ordered as a keyframe
	captured time.Time
	release  func()
}

func (t *videoTap) Read() (image.Image, func(), error) {
	img, release, err := t.source.Read()
	if err != nil {
		return nil, func() {}, err
	}
	t.release = release
	t.captured = captureTime(t.source)
	// The encoder reads as many bytes as it was built for, so a frame of
	// another size must never reach it.
	if got := img.Bounds().Size(); got != t.size {
		return nil, func() {}, fmt.Errorf("frame of %dx%d among frames of %dx%d", got.X, got.Y, t.size.X, t.size.Y)
	}
	t.ordered = t.wanted.Swap(false)
	if t.ordered {
		if err := t.keyframe.ForceKeyFrame(); err != nil {
			return nil, func() {}, fmt.Errorf("cannot order a keyframe: %w", err)
		}
	}
	return img, func() {}, nil
}

// done gives the frame back. The encoder cannot be left to do it: mediadevices'
// ToI420 drops the release function.
func (t *videoTap) done() {
	if t.release != nil {
		t.release()
		t.release = nil
	}
}

func captureTime(source any) time.Time {
	if timed, ok := source.(interface{ Captured() time.Time }); ok {
		return timed.Captured()
	}
	return time.Now()
}
