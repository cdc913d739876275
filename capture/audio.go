package capture

import (
	"fmt"
	"log/slog"
	"time"

	"github.com/pion/mediadevices/pkg/codec"
	"github.com/pion/mediadevices/pkg/codec/opus"
	"github.com/pion/mediadevices/pkg/prop"
	"github.com/pion/webrtc/v4/pkg/media"

	"podium/capture/alsa"
	"podium/capture/testsource"
)

// Audio is an open microphone with its encoder. Its methods may be called from
// any goroutine.
type Audio struct {
	log   *slog.Logger
	info  Info
	delay time.Duration // as configured
	pump  pump
	tap   *audioTap
	enc   codec.ReadCloser
	times timeline
}

// OpenAudio opens the microphone that the configuration names, starts it and
// builds its encoder: Opus in packets of 20 ms, mono or stereo as the device
// gives it.
//
// A device that is missing, busy or unplugged, now or later, is no error but a
// Trouble: silence stands in for it until it is back. A device that cannot be used as
// it is configured is an error.
func OpenAudio(c AudioConfig) (*Audio, error) {
	c, err := c.withDefaults()
	if err != nil {
		return nil, err
	}
	if _, ok := testLabel(c.Device); ok {
		return openAudio(c, testsource.NewAudio(testsource.AudioOptions{}))
	}
	return openAudio(c, keepMicrophone(c, func(device string) microphone { return alsa.New(alsa.Options{Device: device}) }))
}

func openAudio(c AudioConfig, device microphone) (*Audio, error) {
	if err := device.Open(); err != nil {
		return nil, err
	}
	a, err := startAudio(c, device)
	if err != nil {
		_ = device.Close()
		return nil, err
	}
	a.log.Info("microphone opened", "device", a.info.Device, "sampleRate", a.info.SampleRate,
		"channels", a.info.Channels, "bitRate", a.info.BitRate)
	return a, nil
}

func startAudio(c AudioConfig, device microphone) (*Audio, error) {
	reader, err := device.AudioRecord(prop.Media{Audio: prop.Audio{SampleRate: 48000, Latency: packetTime}})
	if err != nil {
		return nil, err
	}
	source, ok := reader.(microphoneReader)
	if !ok {
		return nil, fmt.Errorf("cannot capture from %s: its driver tells no capture times", c.Device)
	}
	tap, err := newAudioTap(source, c)
	if err != nil {
		return nil, err
	}
	format := source.Format()
	format.ChannelCount = tap.chain.Out()
	info := Info{Device: source.Name(), Encoder: "opus", BitRate: c.BitRate, SampleRate: format.SampleRate, Channels: format.ChannelCount}
	if info.BitRate == 0 {
		info.BitRate = 32_000 + 16_000*info.Channels
	}
	a := &Audio{log: c.Log, info: info, delay: c.Delay, tap: tap}
	a.times.period = packetTime
	builder := &opus.Params{BaseParams: codec.BaseParams{BitRate: info.BitRate}, Latency: opus.Latency20ms}
	if a.enc, err = builder.BuildAudioEncoder(a.tap, format); err != nil {
		return nil, fmt.Errorf("cannot build the Opus encoder for %d channels at %d Hz: %w", info.Channels, info.SampleRate, err)
	}
	a.pump = pump{device: "microphone " + info.Device, read: a.encode, stop: device.Close, free: a.enc.Close}
	a.pump.start()
	return a, nil
}

func (a *Audio) encode() (media.Sample, error) {
	packet, _, err := a.enc.Read()
	if err != nil {
		if !a.pump.isClosing() {
			a.log.Error("microphone failed", "device", a.info.Device, "error", err)
		}
		return media.Sample{}, err
	}
	at := samplesToTime(a.tap.position, a.info.SampleRate)
	return media.Sample{Data: packet, Timestamp: a.tap.captured, Duration: a.times.next(at)}, nil
}

// samplesToTime converts without overflow for as long as a turn may last.
func samplesToTime(n int64, rate int) time.Duration {
	r := int64(rate)
	return time.Duration(n/r)*time.Second + time.Duration(n%r)*time.Second/time.Duration(r)
}

// ReadSample blocks for the next Opus packet of 20 ms. The data belongs to the
// caller for good. The capture clock of Duration is the sound card's own.
//
// It returns io.EOF after Close. Any other error is final and names the device.
func (a *Audio) ReadSample() (media.Sample, error) { return older(a.delay)(a.pump.next()) }

// Info says what was opened: the microphone of now, where it has changed.
func (a *Audio) Info() Info {
	info := a.info
	info.Device = a.tap.source.Name()
	info.Level = Level(a.tap.chain.Level())
	return info
}

// Trouble tells why there is silence in place of the sound, and what to do; nil:
// there is none.
func (a *Audio) Trouble() error { return trouble(a.tap.source) }

// Released is closed when the microphone is closed for real: after a Close that
// gave its driver up, that is when the driver lets go.
func (a *Audio) Released() <-chan struct{} { return a.pump.released() }

// Close stops the microphone and closes it. It returns within a second,
// whatever the driver does; an error says that the device may still be open.
func (a *Audio) Close() error {
	first := !a.pump.isClosing()
	err := a.pump.close()
	if first {
		logClose(a.log, "microphone", a.info.Device, err)
	}
	return err
}
