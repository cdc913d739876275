//go:build linux && (amd64 || arm64)

package v4l2

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"sync"

	"github.com/pion/mediadevices/pkg/frame"
	"github.com/pion/mediadevices/pkg/io/video"
	"github.com/pion/mediadevices/pkg/prop"
	"golang.org/x/sys/unix"

	"podium/capture/internal/holder"
	"podium/capture/internal/videodev"
)

// Options name a camera.
type Options struct {
	Device string // a path; "" means the first usable camera, by-id names before numbers
}

// Camera is a mediadevices driver for one camera, for one recording: after
// Close it stays closed.
type Camera struct {
	options Options
	dev     string // "/dev"; tests have another
	open    func(path string) (videodev.Node, error)

	mu     sync.Mutex // held by Open, VideoRecord, Close; not by Read
	path   string     // as opened
	node   videodev.Node
	reader *Reader
	units  *UnitReader
	closed bool
}

// New makes a driver. It opens nothing.
func New(o Options) *Camera { return &Camera{options: o, dev: "/dev", open: videodev.Open} }

// Open opens the camera. A missing one wraps ENOENT and says which there are.
func (c *Camera) Open() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.node != nil || c.closed {
		return errors.New("cannot open the camera: it was opened before")
	}
	path := c.options.Device
	if path == "" {
		found := find(c.dev, c.open)
		if len(found) == 0 {
			return fmt.Errorf("cannot open a camera: none is connected: %w", unix.ENOENT)
		}
		path = found[0].Path
	}
	n, err := c.open(path)
	if err != nil {
		return c.explain(path, err)
	}
	if _, err := usable(n); err != nil {
		_ = n.Close()
		return c.explain(path, err)
	}
	c.path, c.node = path, n
	return nil
}

// explain turns an error into a text that says what to do.
func (c *Camera) explain(path string, err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("cannot open camera %s: %w; %s", path, err, list(find(c.dev, c.open)))
	case errors.Is(err, unix.EBUSY):
		return fmt.Errorf("cannot open camera %s: busy (%s): %w", path, holder.Describe(path), unix.EBUSY)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("cannot open camera %s: %w; the user must be in the group video", path, err)
	case errors.Is(err, unix.ENODEV), errors.Is(err, unix.ENXIO):
		return fmt.Errorf("cannot open camera %s: it is gone: %w", path, unix.ENODEV)
	default:
		return fmt.Errorf("cannot open camera %s: %w", path, err)
	}
}

// Properties lists the formats that VideoRecord can use.
func (c *Camera) Properties() []prop.Media {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.node == nil {
		return nil
	}
	var all []prop.Media
	for _, f := range offers(c.node, 0, 0) {
		all = append(all, prop.Media{DeviceID: filepath.Base(c.path),
			Video: prop.Video{Width: f.Width, Height: f.Height, FrameRate: float32(f.FrameRate), FrameFormat: frame.Format(f.Pixels)}})
	}
	return all
}

// VideoRecord starts the camera at exactly the wanted size and as near to the
// wanted frame rate as it can.
func (c *Camera) VideoRecord(want prop.Media) (video.Reader, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.node == nil || c.reader != nil || c.units != nil || c.closed {
		return nil, errors.New("cannot record: the camera is not open, or records already")
	}
	got, err := negotiate(c.node, want.Width, want.Height, float64(want.FrameRate))
	if err != nil {
		return nil, c.explain(c.path, err)
	}
	s, err := startStream(c.node)
	if err != nil {
		return nil, c.explain(c.path, err)
	}
	c.reader = newReader(c.path, s, got)
	return c.reader, nil
}

// Close ends a Read that is under way, stops the camera and closes it.
func (c *Camera) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.node == nil || c.closed {
		return nil
	}
	c.closed = true
	c.node.End()
	var stopped error
	if c.reader != nil {
		stopped = c.reader.stop()
	}
	if c.units != nil {
		stopped = c.units.stop()
	}
	return errors.Join(stopped, c.node.Close())
}
