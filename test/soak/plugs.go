package main

import (
	"errors"
	"fmt"
	"sync"

	"github.com/pion/webrtc/v4/pkg/media"

	"podium/publish"
)

// fault is what a device does.
type fault string

const (
	works fault = "works"
	fails fault = "fails" // the open one ends with an error, and no other opens
	hangs fault = "hangs" // reading and closing wait until it works again
)

var errPulled = errors.New("no such device: somebody has pulled the plug")

// plugs stand between a podium and its devices.
type plugs struct{ camera, microphone plug }

func newPlugs() *plugs { return &plugs{newPlug(), newPlug()} }

func (p *plugs) set(device string, f fault) error {
	of := map[string]*plug{publish.Camera: &p.camera, publish.Microphone: &p.microphone}[device]
	if of == nil || (f != works && f != fails && f != hangs) {
		return fmt.Errorf("a %s cannot be %s", device, f)
	}
	of.set(f)
	return nil
}

// between gives the devices as the plugs let them be.
func (p *plugs) between(own publish.Devices) publish.Devices { return plugged{own, p} }

type plugged struct {
	own   publish.Devices
	plugs *plugs
}

// OpenVideo meets publish.Devices.
func (d plugged) OpenVideo() (publish.VideoSource, error) {
	if err := d.plugs.camera.err(); err != nil {
		return nil, err
	}
	v, err := d.own.OpenVideo()
	if err != nil {
		return nil, err
	}
	return camera{source{v, &d.plugs.camera}, v}, nil
}

// OpenAudio meets publish.Devices.
func (d plugged) OpenAudio() (publish.Source, error) {
	if err := d.plugs.microphone.err(); err != nil {
		return nil, err
	}
	a, err := d.own.OpenAudio()
	if err != nil {
		return nil, err
	}
	return source{a, &d.plugs.microphone}, nil
}

// plug is the state of one device.
type plug struct {
	mu    *sync.Mutex
	fault fault
	loose chan struct{} // closed when it no longer hangs; nil: it does not
}

func newPlug() plug { return plug{mu: &sync.Mutex{}, fault: works} }

func (p *plug) set(f fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.loose != nil {
		close(p.loose)
		p.loose = nil
	}
	if f == hangs {
		p.loose = make(chan struct{})
	}
	p.fault = f
}

// wait waits while the device hangs.
func (p *plug) wait() {
	p.mu.Lock()
	loose := p.loose
	p.mu.Unlock()
	if loose != nil {
		<-loose
	}
}

func (p *plug) err() error {
	p.wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fault == fails {
		return errPulled
	}
	return nil
}

// source is an open device.
type source struct {
	publish.Source
	plug *plug
}

// ReadSample meets publish.Source.
func (s source) ReadSample() (media.Sample, error) {
	if err := s.plug.err(); err != nil {
		return media.Sample{}, err
	}
	return s.Source.ReadSample()
}

// Close meets publish.Source.
func (s source) Close() error {
	s.plug.wait()
	return s.Source.Close()
}

// Info tells what the device tells about itself.
func (s source) Info() publish.Info {
	if i, ok := s.Source.(interface{ Info() publish.Info }); ok {
		return i.Info()
	}
	return publish.Info{}
}

// camera is an open camera.
type camera struct {
	source
	video publish.VideoSource
}

// RequestKeyframe meets publish.VideoSource.
func (c camera) RequestKeyframe() { c.video.RequestKeyframe() }
