package capture

import (
	"fmt"
	"image"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/pion/mediadevices/pkg/frame"
	"github.com/pion/mediadevices/pkg/prop"
	"github.com/pion/webrtc/v4/pkg/media"

	"podium/capture/encoder"
	_ "podium/capture/internal/arena" // an encoder leaves no memory behind
	"podium/capture/internal/i420"
	"podium/capture/testsource"
	"podium/capture/v4l2"
)

// keyframeEvery is the time between keyframes that nobody asked for. Viewers
// who need one ask (PLI); this one is for recorders and for lost requests.
const keyframeEvery = 5 * time.Second

// Video is an open camera with its encoder. Its methods may be called from any
// goroutine.
type Video struct {
	log    *slog.Logger
	config VideoConfig
	info   Info
	source any // the camera's reader
	pump   pump
	count  videoCounters

	keyframe atomic.Bool             // asked for and not yet made
	budget   atomic.Int64            // bit/s, as SetBitRate said
	making   atomic.Pointer[quality] // what is made now
	encoder  atomic.Pointer[string]  // who makes it

	// All below belongs to the pump's goroutine.
	build  encoder.Builder
	enc    encoder.Encoder
	fetch  *fetcher
	ladder *ladder
	made   quality // what enc is set to
	scaler i420.Scaler
	scaled *image.YCbCr // of made's size; nil: the camera's own
	due    time.Time    // the next frame's capture time, where fewer are made than come
	start  time.Time
	times  timeline
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
	if len(c.Command) > 0 {
		return openCommand(c)
	}
	if c.Encoder == OwnEncoder {
		return openOwnH264(c)
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
	build, err := builderOf(c.Encoder, c.Log)
	if err != nil {
		return nil, err
	}
	format := prop.Media{Video: prop.Video{Width: c.Width, Height: c.Height, FrameRate: float32(c.FrameRate), FrameFormat: frame.FormatI420}}
	source, err := device.VideoRecord(format)
	if err != nil {
		return nil, err
	}
	info := Info{Device: c.Device, BitRate: c.BitRate, Width: c.Width, Height: c.Height,
		FrameRate: c.FrameRate, PixelFormat: string(frame.FormatI420)}
	if own, ok := source.(cameraReader); ok {
		got := own.Format()
		info.Device, info.PixelFormat, info.FrameRate = own.Name(), string(got.FrameFormat), float64(got.FrameRate)
	}
	v := &Video{log: c.Log, config: c, info: info, source: source, build: build, start: time.Now()}
	v.times.period = time.Duration(float64(time.Second) / info.FrameRate)
	v.ladder = newLadder(quality{c.Width, c.Height, info.FrameRate, c.BitRate})
	v.budget.Store(int64(c.BitRate))
	if err := v.remake(v.ladder.set(c.BitRate, v.start)); err != nil {
		return nil, err
	}
	v.fetch = startFetcher(source, image.Pt(c.Width, c.Height))
	v.pump = pump{device: "camera " + info.Device, read: v.encode, stop: device.Close, free: v.free}
	v.pump.start()
	return v, nil
}

// free ends what the pump has left: the camera is closed.
func (v *Video) free() error {
	v.fetch.end()
	return v.enc.Close()
}

// remake sets the encoder to a quality. Another size is another encoder, which begins
// with a keyframe.
func (v *Video) remake(q quality) error {
	defer v.making.Store(&q)
	switch {
	case v.enc != nil && q == v.made:
		return nil
	case v.enc != nil && q.width == v.made.width && q.height == v.made.height:
		v.made = q
		return v.enc.SetRate(q.bitRate, q.frameRate)
	}
	enc, err := v.build(encoder.Settings{Width: q.width, Height: q.height, FrameRate: q.frameRate, BitRate: q.bitRate, KeyframeEvery: keyframeEvery})
	if err != nil {
		return fmt.Errorf("cannot build the H.264 encoder for %dx%d: %w", q.width, q.height, err)
	}
	if v.enc != nil {
		_ = v.enc.Close() // it has served
	}
	v.enc, v.made, v.scaled = enc, q, nil
	v.nameEncoder()
	if q.width != v.config.Width || q.height != v.config.Height {
		v.scaled = i420.New(q.width, q.height)
	}
	return nil
}

// encode returns the next access unit. A frame that rate control skipped has
// none; a keyframe ordered for such a frame is ordered again.
func (v *Video) encode() (media.Sample, error) {
	for {
		got, err := v.fetch.next()
		if err != nil {
			return media.Sample{}, v.failed(err)
		}
		if err := v.adapt(); err != nil {
			got.release()
			return media.Sample{}, v.failed(err)
		}
		if v.isTooSoon(got.captured) {
			got.release()
			continue
		}
		unit, err := v.encodeFrame(got.frame)
		got.release()
		if err != nil {
			return media.Sample{}, v.failed(err)
		}
		if len(unit) == 0 {
			v.count.skipped.Add(1)
			continue
		}
		v.count.units.Add(1)
		v.count.bytes.Add(uint64(len(unit)))
		return media.Sample{Data: unit, Timestamp: got.captured, Duration: v.times.next(got.captured.Sub(v.start))}, nil
	}
}

func (v *Video) failed(err error) error {
	if !v.pump.isClosing() {
		v.log.Error("camera failed", "device", v.info.Device, "error", err)
	}
	return err
}

// adapt makes what the bit rate of now allows.
func (v *Video) adapt() error {
	next := v.ladder.set(int(v.budget.Load()), time.Now())
	if next.width != v.made.width || next.frameRate != v.made.frameRate {
		v.log.Info("picture adapted to the connection", "width", next.width, "height", next.height, "frameRate", next.frameRate, "bitRate", next.bitRate)
	}
	return v.remake(next)
}

// isTooSoon thins the frames out to the rate that is made, evenly.
func (v *Video) isTooSoon(captured time.Time) bool {
	if v.made.frameRate >= v.info.FrameRate {
		v.due = captured
		return false
	}
	period := time.Duration(float64(time.Second) / v.made.frameRate)
	if captured.Before(v.due.Add(-v.times.period / 2)) {
		return true
	}
	v.due = v.due.Add(period)
	if v.due.Before(captured) { // after a pause
		v.due = captured.Add(period)
	}
	return false
}

func (v *Video) encodeFrame(picture *image.YCbCr) ([]byte, error) {
	if v.scaled != nil {
		v.scaler.Scale(v.scaled, picture)
		picture = v.scaled
	}
	ordered := v.keyframe.Swap(false)
	unit, err := v.enc.Encode(picture, ordered)
	v.nameEncoder() // one may stand in for another
	if ordered && !isKeyframe(unit) {
		v.keyframe.Store(true)
	}
	return unit, err
}

func (v *Video) nameEncoder() {
	if name, known := v.enc.Name(), v.encoder.Load(); known == nil || *known != name {
		v.encoder.Store(&name)
	}
}

// ReadSample blocks for the next access unit, in Annex B form; the first is a
// keyframe. The data is valid until the next ReadSample. Nothing is encoded while no
// ReadSample waits: the newest frame is taken then.
//
// It returns io.EOF after Close. Any other error is final and names the device.
func (v *Video) ReadSample() (media.Sample, error) { return older(v.config.Delay)(v.pump.next()) }

// RequestKeyframe makes the next frame to be encoded an IDR picture with its
// parameter sets. It never blocks and is never lost; requests that come before
// that frame are answered by the same one.
func (v *Video) RequestKeyframe() { v.keyframe.Store(true) }

// SetBitRate says how much the connection takes, in bit/s; more than is configured
// changes nothing. From the next frame on the bit rate is that, and where it is little,
// fewer frames and then smaller ones are made. It never blocks.
func (v *Video) SetBitRate(bitRate int) { v.budget.Store(int64(bitRate)) }

// Info says what was opened, and what is made of it now.
func (v *Video) Info() Info {
	info := v.info
	switch own := v.source.(type) {
	case cameraReader:
		info.Device, info.PixelFormat = own.Name(), string(own.Format().FrameFormat)
	case *ownH264:
		info.Device = own.Name()
	}
	q := v.making.Load()
	info.Encoder = *v.encoder.Load()
	info.Width, info.Height, info.FrameRate, info.BitRate = q.width, q.height, q.frameRate, q.bitRate
	return info
}

// Trouble tells why the picture is not the camera's, and what to do; nil: it is.
func (v *Video) Trouble() error { return trouble(v.source) }

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
