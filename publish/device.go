package publish

import "github.com/pion/webrtc/v4/pkg/media"

// Source is an open device with its encoder: a microphone that gives Opus
// packets, or what VideoSource adds to it.
type Source interface {
	// ReadSample blocks for the next access unit or packet. Its data stays valid
	// until the next call. Timestamp is when it was captured (zero: now), and
	// Duration how much later than the one before, by the device's own clock. It returns io.EOF after Close; any other error is the
	// end of the device.
	ReadSample() (media.Sample, error)
	// Close closes the device and frees a waiting ReadSample. It is called once,
	// from another goroutine than ReadSample.
	Close() error
}

// releaser is a Source whose Close gives up on a driver that hangs, with an error.
// Released is closed when the device is closed after all.
type releaser interface{ Released() <-chan struct{} }

// troubled is a Source that goes on without its device and gives something in its
// place. Trouble tells why; nil: the device works. It is asked after each sample and
// returns at once.
type troubled interface{ Trouble() error }

// VideoSource is an open camera that gives H.264 access units in Annex B form,
// constrained baseline (profile-level-id 42e01f).
type VideoSource interface {
	Source
	// RequestKeyframe asks for an IDR picture soon. It returns at once.
	RequestKeyframe()
}

// Devices opens camera and microphone: after Publisher.Open, one at a time each.
// An error should name the device and what to do.
type Devices interface {
	OpenVideo() (VideoSource, error)
	OpenAudio() (Source, error)
}

// Info is what a source may tell about itself, by a method Info() Info.
type Info struct {
	Encoder       string  // such as "openh264"
	Width, Height int     // pixels; video only
	FrameRate     float64 // frames per second; video only
	BitRate       int     // bit/s asked of the encoder
	Level         *Level  // of the sound that goes out; nil: it is not known
}

// Level is how loud a sound is, in dB below full scale.
type Level struct{ Peak, RMS float64 }

type informer interface{ Info() Info }

// The names of the devices in events.
const (
	Camera     = "camera"
	Microphone = "microphone"
)
