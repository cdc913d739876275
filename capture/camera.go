package capture

import (
	"fmt"
	"image"
	"time"

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

func captureTime(source any) time.Time {
	if timed, ok := source.(interface{ Captured() time.Time }); ok {
		return timed.Captured()
	}
	return time.Now()
}

// staleAfter is the age from which a frame gives way to the next one: it was fetched
// before the reader's pause.
const staleAfter = 250 * time.Millisecond

// fetched is a frame that was captured and decoded.
type fetched struct {
	frame    *image.YCbCr
	captured time.Time
	release  func()
}

// fetcher reads the next frame while the last one is encoded: on a machine with more
// than one processor the two do not wait for each other. It holds one frame at most.
type fetcher struct {
	source video.Reader
	size   image.Point
	out    chan fetched
	err    error         // once out is closed
	stop   chan struct{} // closed when no frame is wanted any more
	done   chan struct{} // closed when the goroutine has ended
}

func startFetcher(source video.Reader, size image.Point) *fetcher {
	f := &fetcher{source: source, size: size, out: make(chan fetched), stop: make(chan struct{}), done: make(chan struct{})}
	go f.run()
	return f
}

func (f *fetcher) run() {
	defer close(f.done)
	defer close(f.out)
	for {
		img, release, err := f.source.Read()
		if err != nil {
			f.err = err
			return
		}
		frame, err := f.fits(img)
		if err != nil {
			release()
			f.err = err
			return
		}
		select {
		case f.out <- fetched{frame, captureTime(f.source), release}:
		case <-f.stop:
			release()
			return
		}
	}
}

// fits refuses a frame that is not as was agreed: an encoder reads as many bytes as it
// was built for.
func (f *fetcher) fits(img image.Image) (*image.YCbCr, error) {
	if got := img.Bounds().Size(); got != f.size {
		return nil, fmt.Errorf("frame of %dx%d among frames of %dx%d", got.X, got.Y, f.size.X, f.size.Y)
	}
	frame, ok := img.(*image.YCbCr)
	if !ok || frame.SubsampleRatio != image.YCbCrSubsampleRatio420 {
		return nil, fmt.Errorf("frame of the kind %T: must be planar 4:2:0", img)
	}
	return frame, nil
}

// next gives the next frame, which the caller has to release.
func (f *fetcher) next() (fetched, error) {
	got, ok := <-f.out
	if !ok {
		return fetched{}, f.err
	}
	if time.Since(got.captured) <= staleAfter {
		return got, nil
	}
	got.release()
	if got, ok = <-f.out; !ok {
		return fetched{}, f.err
	}
	return got, nil
}

// end waits for the goroutine, whose Read somebody else must have ended.
func (f *fetcher) end() {
	close(f.stop)
	<-f.done
}
