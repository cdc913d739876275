package publishtest

import (
	"slices"
	"sync"
	"time"

	"podium/publish"
)

// Devices opens fake sources and keeps them. The zero value has a camera and a
// microphone. It implements publish.Devices.
type Devices struct {
	mu                   sync.Mutex
	cameraErr, microErr  error
	cameraLag, microLag  time.Duration
	cameras, microphones []*Source
}

// OpenVideo implements publish.Devices.
func (d *Devices) OpenVideo() (publish.VideoSource, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.cameraErr != nil {
		return nil, d.cameraErr
	}
	s := newSource(true, FramePeriod, d.cameraLag)
	d.cameras = append(d.cameras, s)
	return s, nil
}

// OpenAudio implements publish.Devices.
func (d *Devices) OpenAudio() (publish.Source, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.microErr != nil {
		return nil, d.microErr
	}
	s := newSource(false, PacketPeriod, d.microLag)
	d.microphones = append(d.microphones, s)
	return s, nil
}

// Break makes every further opening fail; nil mends a device.
func (d *Devices) Break(camera, microphone error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.cameraErr, d.microErr = camera, microphone
}

// Lag is how long the samples of devices that are opened from now on take from their
// capture to their being read.
func (d *Devices) Lag(camera, microphone time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.cameraLag, d.microLag = camera, microphone
}

// Cameras are those that were opened so far.
func (d *Devices) Cameras() []*Source {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.cameras)
}

// Microphones are those that were opened so far.
func (d *Devices) Microphones() []*Source {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.microphones)
}

// AllClosed reports whether nothing that was opened is open still.
func (d *Devices) AllClosed() bool {
	for _, s := range append(d.Cameras(), d.Microphones()...) {
		if !s.Closed() {
			return false
		}
	}
	return true
}
