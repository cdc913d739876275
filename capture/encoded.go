package capture

import (
	"image"
	"io"
	"path/filepath"
	"time"

	"github.com/pion/webrtc/v4/pkg/media"

	"podium/capture/encoder"
	"podium/capture/testsource"
)

// openCommand opens a camera that is a program: what it writes is sent as it is.
func openCommand(c VideoConfig) (*Video, error) {
	program, err := startChild(c.Command, c.Log)
	if err != nil {
		return nil, err
	}
	build, err := builderOf(DefaultEncoder) // of the still picture that stands for it
	if err != nil {
		return nil, err
	}
	name := filepath.Base(c.Command[0])
	v := &Video{log: c.Log, config: c, source: program, build: build, start: time.Now(),
		info: Info{Device: name, Encoder: name, BitRate: c.BitRate, Width: c.Width, Height: c.Height, FrameRate: c.FrameRate, PixelFormat: "H264"}}
	v.times.period = time.Duration(float64(time.Second) / c.FrameRate)
	v.making.Store(&quality{c.Width, c.Height, c.FrameRate, c.BitRate})
	p := &passing{video: v, program: program}
	v.pump = pump{device: "camera program " + name, read: p.read, stop: program.Close, free: p.free}
	v.pump.start()
	return v, nil
}

// passing hands a program's access units on, and has a still picture for the time in
// which there are none. Its methods belong to the pump's goroutine.
type passing struct {
	video   *Video
	program *child
	last    time.Time       // when the last unit was captured
	still   encoder.Encoder // while the program is in trouble
	picture *image.YCbCr
}

func (p *passing) read() (media.Sample, error) {
	for {
		troubled := p.program.Trouble() != nil
		wait := stillEvery // until it is looked for trouble again
		if troubled {
			wait = max(0, time.Until(p.last.Add(stillEvery)))
		}
		timer := time.NewTimer(wait)
		select {
		case u := <-p.program.units:
			timer.Stop()
			p.back()
			return p.sample(u.Data, u.arrived), nil
		case <-p.program.stop:
			timer.Stop()
			return media.Sample{}, io.EOF
		case <-timer.C:
		}
		if !troubled {
			continue
		}
		unit, err := p.standIn()
		if err != nil {
			return media.Sample{}, p.video.failed(err)
		}
		if len(unit) > 0 {
			return p.sample(unit, p.last), nil
		}
	}
}

func (p *passing) sample(data []byte, at time.Time) media.Sample {
	p.last = at
	v := p.video
	v.count.units.Add(1)
	v.count.bytes.Add(uint64(len(data)))
	return media.Sample{Data: data, Timestamp: at, Duration: v.times.next(at.Sub(v.start))}
}

// standIn encodes the still picture once more.
func (p *passing) standIn() ([]byte, error) {
	p.last = time.Now()
	c := p.video.config
	if p.still == nil {
		var err error
		p.still, err = p.video.build(encoder.Settings{Width: c.Width, Height: c.Height, FrameRate: 5, BitRate: 200_000, KeyframeEvery: keyframeEvery})
		if err != nil {
			return nil, err
		}
		p.picture = testsource.Still(c.Width, c.Height, "CAMERA LOST", "please stand by")
	}
	return p.still.Encode(p.picture, p.video.keyframe.Swap(false))
}

// back puts the still picture away: the program's own begins with a keyframe.
func (p *passing) back() {
	if p.still != nil {
		_ = p.still.Close() // it has served
		p.still = nil
	}
}

func (p *passing) free() error {
	p.back()
	return nil
}
