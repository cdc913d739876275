package capture

import (
	"image"
	"io"
	"path/filepath"
	"time"

	"github.com/pion/webrtc/v4/pkg/media"

	"podium/capture/encoder"
	"podium/capture/internal/annexb"
	"podium/capture/testsource"
	"podium/capture/v4l2"
)

// unitQueue is how many access units wait for a reader that is late; then all are
// dropped up to the next keyframe.
const unitQueue = 60

// encodedUnit is an access unit, and when it was captured.
type encodedUnit struct {
	annexb.Unit
	at time.Time
}

// encodedSource gives access units that are made already. Its methods may be called from
// any goroutine.
type encodedSource interface {
	Units() <-chan encodedUnit
	Stopped() <-chan struct{}
	RequestKeyframe()
	Trouble() error // why there are none; nil: there are, or are about to be
	Close() error
}

// openCommand opens a camera that is a program: what it writes is sent as it is.
func openCommand(c VideoConfig) (*Video, error) {
	program, err := startChild(c.Command, c.Log)
	if err != nil {
		return nil, err
	}
	return openEncoded(c, program, filepath.Base(c.Command[0]), filepath.Base(c.Command[0]))
}

// openOwnH264 opens a camera that encodes its picture itself.
func openOwnH264(c VideoConfig) (*Video, error) {
	own, err := startOwnH264(c, func(device string) encodingCamera { return v4l2Camera{v4l2.New(v4l2.Options{Device: device})} })
	if err != nil {
		return nil, err
	}
	return openEncoded(c, own, own.Name(), OwnEncoder)
}

// openEncoded hands on what source gives, as it is.
func openEncoded(c VideoConfig, source encodedSource, device, encoderName string) (*Video, error) {
	v := &Video{log: c.Log, config: c, source: source, start: time.Now(),
		build: builders[DefaultEncoder], // of the still picture that stands for it
		info:  Info{Device: device, BitRate: c.BitRate, Width: c.Width, Height: c.Height, FrameRate: c.FrameRate, PixelFormat: "H264"}}
	v.times.period = time.Duration(float64(time.Second) / c.FrameRate)
	v.encoder.Store(&encoderName)
	v.making.Store(&quality{c.Width, c.Height, c.FrameRate, c.BitRate})
	p := &passing{video: v, source: source}
	v.pump = pump{device: "camera " + device, read: p.read, stop: source.Close, free: p.free}
	v.pump.start()
	return v, nil
}

// passing hands access units on, and has a still picture for the time in
// which there are none. Its methods belong to the pump's goroutine.
type passing struct {
	video   *Video
	source  encodedSource
	last    time.Time       // when the last unit was captured
	still   encoder.Encoder // while the source is in trouble
	picture *image.YCbCr
}

func (p *passing) read() (media.Sample, error) {
	for {
		if p.still == nil && p.video.keyframe.Swap(false) {
			p.source.RequestKeyframe()
		}
		troubled := p.source.Trouble() != nil
		wait := stillEvery // until it is looked for trouble again
		if troubled {
			wait = max(0, time.Until(p.last.Add(stillEvery)))
		}
		timer := time.NewTimer(wait)
		select {
		case u := <-p.source.Units():
			timer.Stop()
			p.back()
			return p.sample(u.Data, u.at), nil
		case <-p.source.Stopped():
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

// back puts the still picture away: the source's own begins with a keyframe.
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
