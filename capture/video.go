package capture

import (
	"errors"
	"fmt"
	"image"
	"log/slog"
	"math"
	"sync/atomic"
	"time"

	"github.com/pion/mediadevices/pkg/codec"
	"github.com/pion/mediadevices/pkg/codec/openh264"
	"github.com/pion/mediadevices/pkg/frame"
	"github.com/pion/mediadevices/pkg/prop"
	"github.com/pion/webrtc/v4/pkg/media"

	_ "podium/capture/internal/arena" // an encoder leaves no memory behind
	"podium/capture/testsource"
	"podium/capture/v4l2"
)

// keyframeEvery is the time between keyframes that nobody asked for. Viewers
// who need one ask (PLI); this one is for recorders and for lost requests.
const keyframeEvery = 5 * time.Second

// Video is an open camera with its encoder. Its methods may be called from any
// goroutine.
type Video struct {
	log   *slog.Logger
	info  Info
	pump  pump
	tap   *videoTap
	enc   codec.ReadCloser
	start time.Time
	times timeline
	count videoCounters
}

type videoCounters struct {
	units, bytes, skipped atomic.Uint64
}

// OpenVideo opens the camera that the configuration names, starts it and builds
// its encoder: H.264 constrained baseline.
//
// A device that is missing, busy or unplugged, now or later, is no error but a
// Trouble: a still picture says that the camera is lost until it is back. A device
// that cannot be used as it is configured is an error that says what it offers.
func OpenVideo(c VideoConfig) (*Video, error) {
	c, err := c.withDefaults()
	if err != nil {
		return nil, err
	}
	if label, ok := testLabel(c.Device); ok {
		return openVideo(c, testsource.NewVideo(testsource.VideoOptions{Label: label}))
	}
	return openVideo(c, keepCamera(c, func(device string) camera { return v4l2.New(v4l2.Options{Device: device}) }))
}

func openVideo(c VideoConfig, device camera) (*Video, error) {
	if err := device.Open(); err != nil {
		return nil, err
	}
	v, err := startVideo(c, device)
	if err != nil {
		_ = device.Close()
		return nil, err
	}
	v.log.Info("camera opened", "device", v.info.Device, "width", v.info.Width, "height", v.info.Height,
		"frameRate", v.info.FrameRate, "pixelFormat", v.info.PixelFormat, "bitRate", v.info.BitRate)
	return v, nil
}

func startVideo(c VideoConfig, device camera) (*Video, error) {
	format := prop.Media{Video: prop.Video{Width: c.Width, Height: c.Height, FrameRate: float32(c.FrameRate), FrameFormat: frame.FormatI420}}
	source, err := device.VideoRecord(format)
	if err != nil {
		return nil, err
	}
	info := Info{Device: c.Device, Encoder: "openh264", BitRate: c.BitRate, Width: c.Width, Height: c.Height,
		FrameRate: c.FrameRate, PixelFormat: string(frame.FormatI420)}
	if own, ok := source.(cameraReader); ok {
		got := own.Format()
		info.Device, info.PixelFormat, info.FrameRate = own.Name(), string(got.FrameFormat), float64(got.FrameRate)
	}
	v := &Video{log: c.Log, info: info, start: time.Now()}
	v.times.period = time.Duration(float64(time.Second) / info.FrameRate)
	v.tap = &videoTap{source: source, size: image.Pt(c.Width, c.Height)}
	// Without the frame rate the encoder's rate control is out by 20 times.
	format.FrameRate = float32(info.FrameRate)
	if v.enc, err = h264(info).BuildVideoEncoder(v.tap, format); err != nil {
		return nil, fmt.Errorf("cannot build the H.264 encoder for %dx%d: %w", c.Width, c.Height, err)
	}
	keyframe, ok := v.enc.Controller().(codec.KeyFrameController)
	if !ok {
		return nil, errors.Join(errors.New("cannot use the H.264 encoder: it makes no keyframes on request"), v.enc.Close())
	}
	v.tap.keyframe = keyframe
	v.pump = pump{device: "camera " + info.Device, read: v.encode, stop: device.Close, free: v.enc.Close}
	v.pump.start()
	return v, nil
}

// h264 is the encoder: one slice per picture and one thread, because at these
// sizes threads cost more CPU than they save time.
func h264(info Info) codec.VideoEncoderBuilder {
	return &openh264.Params{
		BaseParams:        codec.BaseParams{BitRate: info.BitRate},
		UsageType:         openh264.CameraVideoRealTime,
		RCMode:            openh264.RCBitrateMode,
		EnableFrameSkip:   true,
		IntraPeriod:       uint(math.Ceil(info.FrameRate * keyframeEvery.Seconds())),
		MultipleThreadIdc: 1,
		SliceNum:          1,
		SliceMode:         openh264.SMSingleSlice,
	}
}

// encode returns the next access unit. A frame that rate control skipped has
// none; a keyframe ordered for such a frame is ordered again.
func (v *Video) encode() (media.Sample, error) {
	for {
		unit, _, err := v.enc.Read()
		v.tap.done()
		if err != nil {
			if !v.pump.isClosing() {
				v.log.Error("camera failed", "device", v.info.Device, "error", err)
			}
			return media.Sample{}, err
		}
		if v.tap.ordered && !isKeyframe(unit) {
			v.tap.wanted.Store(true)
		}
		if len(unit) == 0 {
			v.count.skipped.Add(1)
			continue
		}
		v.count.units.Add(1)
		v.count.bytes.Add(uint64(len(unit)))
		captured := v.tap.captured
		return media.Sample{Data: unit, Timestamp: captured, Duration: v.times.next(captured.Sub(v.start))}, nil
	}
}

// ReadSample blocks for the next access unit, in Annex B form; the first is a
// keyframe. The data is a fresh copy that belongs to the caller for good.
// Nothing is encoded while no ReadSample waits: the newest frame is taken then.
//
// It returns io.EOF after Close. Any other error is final and names the device.
func (v *Video) ReadSample() (media.Sample, error) { return v.pump.next() }

// RequestKeyframe makes the next frame to be encoded an IDR picture with its
// parameter sets. It never blocks and is never lost; requests that come before
// that frame are answered by the same one.
func (v *Video) RequestKeyframe() { v.tap.wanted.Store(true) }

// Info says what was opened: the camera of now, where it has changed.
func (v *Video) Info() Info {
	info := v.info
	if own, ok := v.tap.source.(cameraReader); ok {
		info.Device, info.PixelFormat = own.Name(), string(own.Format().FrameFormat)
	}
	return info
}

// Trouble tells why the picture is not the camera's, and what to do; nil: it is.
func (v *Video) Trouble() error { return trouble(v.tap.source) }

// Released is closed when the camera is closed for real: after a Close that gave
// its driver up, that is when the driver lets go.
func (v *Video) Released() <-chan struct{} { return v.pump.released() }

// Close stops the camera and closes it. It returns within a second, whatever
// the driver does; an error says that the device may still be open.
func (v *Video) Close() error {
	first := !v.pump.isClosing()
	err := v.pump.close()
	if first {
		logClose(v.log, "camera", v.info.Device, err)
	}
	return err
}
