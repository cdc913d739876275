package capture

import (
	"fmt"
	"log/slog"
	"strings"
	"time"
)

// TestDevice is the Device of the built-in moving picture and test sound.
// "test:LABEL" writes LABEL into the picture.
const TestDevice = "test"

// AutoDevice is the Device that stands for the first usable one.
const AutoDevice = "auto"

// VideoConfig says which camera to open and what to make of its picture.
type VideoConfig struct {
	Device    string   // "auto" (also ""), "test", "test:LABEL", "/dev/video0", "/dev/v4l/by-id/..."
	Width     int      // pixels, even; 0 means 1280
	Height    int      // pixels, even; 0 means 720
	FrameRate float64  // frames per second, up to 120; 0 means 30
	BitRate   int      // bit/s; 0 means 2,500,000
	Command   []string // a program that writes H.264, Annex B, to its standard output; in place of Device
	Encoder   string   // one of Encoders; "" means DefaultEncoder
	// Delay is how much older a picture is than its device says.
	Delay time.Duration
	Log   *slog.Logger // nil means slog.Default()
}

// AudioConfig says which microphone to open and how to encode it.
type AudioConfig struct {
	Device  string // "auto" (also ""), "test", or an ALSA card as package alsa reads it: "Loopback", "hw:Loopback,1,0"
	BitRate int    // bit/s; 0 means 48,000 for one channel and 64,000 for two
	// Channels: "auto" (also ""), "mono", "left", "right" or "stereo"
	Channels string
	HighPass float64 // Hz; 0 means none
	Gain     float64 // dB
	// Delay is how much older a sound is than its device says.
	Delay time.Duration
	Log   *slog.Logger // nil means slog.Default()
}

// Info says what a Video or an Audio really is, after negotiation.
type Info struct {
	Device  string // the device that was opened, never "auto"
	Encoder string // "openh264" or "opus"
	BitRate int    // bit/s

	Width, Height int     // pixels; video only
	FrameRate     float64 // frames per second that the camera promised; video only
	PixelFormat   string  // the camera's own, such as "YUYV"; video only

	SampleRate int // Hz; audio only
	Channels   int // audio only, as sent
	// Level is how loud the sound is that goes out; audio only.
	Level Level
}

// Level is peak and RMS over the last 300 ms or so, in dB below full scale; -100 is
// no sound at all.
type Level struct{ Peak, RMS float64 }

func (c VideoConfig) withDefaults() (VideoConfig, error) {
	if c.Device == "" {
		c.Device = AutoDevice
	}
	if c.Width == 0 && c.Height == 0 {
		c.Width, c.Height = 1280, 720
	}
	if c.FrameRate == 0 {
		c.FrameRate = 30
	}
	if c.BitRate == 0 {
		c.BitRate = 2_500_000
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	switch {
	case c.Width < 64 || c.Height < 64 || c.Width > 3840 || c.Height > 2160 || c.Width%2+c.Height%2 != 0:
		return c, fmt.Errorf("cannot capture %dx%d: width and height must be even and from 64x64 to 3840x2160", c.Width, c.Height)
	case !(c.FrameRate >= 1 && c.FrameRate <= 120):
		return c, fmt.Errorf("cannot capture %v frames per second: must be from 1 to 120", c.FrameRate)
	case c.BitRate < 50_000 || c.BitRate > 50_000_000:
		return c, fmt.Errorf("cannot encode video at %d bit/s: must be from 50,000 to 50,000,000", c.BitRate)
	}
	return c, nil
}

func (c AudioConfig) withDefaults() (AudioConfig, error) {
	if c.Device == "" {
		c.Device = AutoDevice
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	// RFC 7587, section 3.1.1: 6 to 510 kbit/s. Above 256 kbit/s a packet could
	// outgrow the encoder's buffer, and speech gains nothing.
	if c.BitRate != 0 && (c.BitRate < 6000 || c.BitRate > 256_000) {
		return c, fmt.Errorf("cannot encode sound at %d bit/s: must be from 6,000 to 256,000", c.BitRate)
	}
	return c, nil
}

// testLabel returns the label of a test device, and whether device is one.
func testLabel(device string) (string, bool) {
	if device == TestDevice {
		return "", true
	}
	return strings.CutPrefix(device, TestDevice+":")
}
