package capture

import (
	"fmt"
	"image"
	"io"
	"time"

	"github.com/pion/mediadevices/pkg/io/video"
	"github.com/pion/mediadevices/pkg/prop"

	"podium/capture/testsource"
)

// stillEvery is the pause between two frames of the picture that stands for a camera
// that is gone: enough for a viewer who joins, and for the lamp that wants packets four
// times a second.
const stillEvery = 200 * time.Millisecond

// keptCamera is a camera that goes on without its device: while that is gone a
// still picture says so, and the device is opened again when it is back. It is a
// mediadevices driver for one recording.
type keptCamera struct {
	choice choice
	// fresh makes a driver for one recording; device "" is the first usable one.
	fresh func(device string) camera

	config VideoConfig
	keeper *keeper[video.Reader]
}

func keepCamera(c VideoConfig, fresh func(device string) camera) *keptCamera {
	return &keptCamera{choice: choice{configured: c.Device}, fresh: fresh, config: c}
}

// Open does nothing: what is opened depends on what is wanted of it.
func (c *keptCamera) Open() error { return nil }

// Properties is empty: a device that is not there has none.
func (c *keptCamera) Properties() []prop.Media { return nil }

// VideoRecord starts the camera, or the picture that stands for it.
func (c *keptCamera) VideoRecord(want prop.Media) (video.Reader, error) {
	c.keeper = newKeeper("camera", c.config.Log, func(gone time.Duration) (started[video.Reader], error) { return c.start(want, gone) })
	if err := c.keeper.begin(); err != nil {
		return nil, err
	}
	return &keptReader{camera: c, keeper: c.keeper, want: want}, nil
}

// Close closes the device, if there is one.
func (c *keptCamera) Close() error {
	if c.keeper == nil {
		return nil
	}
	return c.keeper.Close()
}

// start opens the device that the configuration names.
func (c *keptCamera) start(want prop.Media, gone time.Duration) (started[video.Reader], error) {
	d := c.fresh(c.choice.next(gone))
	if err := d.Open(); err != nil {
		return started[video.Reader]{}, err
	}
	reader, err := d.VideoRecord(want)
	if err != nil {
		_ = d.Close() // it does not record
		return started[video.Reader]{}, err
	}
	if named, ok := reader.(cameraReader); ok {
		c.choice.took(named.Name())
	}
	return started[video.Reader]{reader: reader, close: d.Close}, nil
}

// keptReader reads from the device while it is there. Read belongs to one goroutine.
type keptReader struct {
	camera *keptCamera
	keeper *keeper[video.Reader]
	want   prop.Media

	still    *image.YCbCr
	captured time.Time
}

// Read blocks for the next frame: the camera's, or one that says that the camera is
// gone. It returns io.EOF after Close, and no other error.
func (r *keptReader) Read() (image.Image, func(), error) {
	for {
		if r.keeper.isClosed() {
			return nil, func() {}, io.EOF
		}
		live, ok := r.keeper.live()
		if !ok {
			if r.wait() {
				continue
			}
			return r.standIn(), func() {}, nil
		}
		img, release, err := live.Read()
		if err == nil {
			err = r.fits(img)
		}
		if err == nil {
			r.keeper.works()
			r.captured, r.still = captureTime(live), nil
			return img, release, nil
		}
		if !r.keeper.isClosed() {
			r.keeper.lose(err)
		}
	}
}

// fits refuses a frame that the encoder was not built for.
func (r *keptReader) fits(img image.Image) error {
	if got := img.Bounds().Size(); got != image.Pt(r.want.Width, r.want.Height) {
		return fmt.Errorf("camera %s gives a frame of %dx%d among frames of %dx%d", r.Name(), got.X, got.Y, r.want.Width, r.want.Height)
	}
	return nil
}

// wait reports whether to look at the device anew, before the next still picture is
// due.
func (r *keptReader) wait() bool {
	due := time.Until(r.captured.Add(stillEvery))
	if r.still == nil {
		due = 0 // it was just lost
	}
	timer := time.NewTimer(max(due, 0))
	defer timer.Stop()
	select {
	case <-r.keeper.back:
		return true
	case <-r.keeper.stop:
		return true
	case <-timer.C:
		return false
	}
}

func (r *keptReader) standIn() image.Image {
	r.captured = time.Now()
	if r.still == nil {
		r.still = testsource.Still(r.want.Width, r.want.Height, "CAMERA LOST", "please stand by")
	}
	return r.still
}

// Captured is when the frame last read was taken.
func (r *keptReader) Captured() time.Time { return r.captured }

// Format is what the device agreed to. Of one that was not there yet, it is what it
// will be asked for.
func (r *keptReader) Format() prop.Media {
	if live, ok := r.keeper.live(); ok {
		if own, ok := live.(cameraReader); ok {
			return own.Format()
		}
	}
	return r.want
}

// Name is the device's, or as configured where none was found yet.
func (r *keptReader) Name() string { return r.camera.choice.name() }

// Trouble tells why the picture is not the camera's; nil: it is.
func (r *keptReader) Trouble() error { return r.keeper.Trouble() }

// Dropped counts what the camera of now has dropped.
func (r *keptReader) Dropped() (bad, late uint64) {
	if live, ok := r.keeper.live(); ok {
		if counting, ok := live.(interface{ Dropped() (bad, late uint64) }); ok {
			return counting.Dropped()
		}
	}
	return 0, 0
}
