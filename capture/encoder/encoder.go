package encoder

import (
	"errors"
	"fmt"
	"image"
	"math"
	"time"
)

// Encoder turns frames into H.264 access units, one for one. It belongs to one
// goroutine.
type Encoder interface {
	// Encode encodes one 4:2:0 frame of the size that the encoder was built for. The
	// access unit is in Annex B form (ITU-T H.264) and valid until the next call. It
	// is empty where rate control skipped the frame. keyframe orders an IDR picture
	// with SPS and PPS before it; an empty unit has not carried out the order.
	Encode(frame *image.YCbCr, keyframe bool) ([]byte, error)
	// SetRate sets bit rate (bit/s) and frame rate (frames/s) from the next frame on.
	SetRate(bitRate int, frameRate float64) error
	// Close frees the encoder. It may be called once.
	Close() error
	// Name is the encoder's for people and the status: "openh264".
	Name() string
}

// Settings are what an encoder is built for.
type Settings struct {
	Width, Height int           // pixels, even
	FrameRate     float64       // frames/s
	BitRate       int           // bit/s
	KeyframeEvery time.Duration // the longest time between two keyframes; 0: only on order
}

// Builder makes an encoder.
type Builder func(Settings) (Encoder, error)

// Check refuses settings with which no encoder can be built.
func (s Settings) Check() error {
	switch {
	case s.Width < 16 || s.Height < 16 || s.Width%2+s.Height%2 != 0 || s.Width > 4096 || s.Height > 4096:
		return fmt.Errorf("cannot encode %dx%d: width and height must be even, and from 16 to 4096", s.Width, s.Height)
	case !(s.FrameRate > 0 && s.FrameRate <= 240):
		return fmt.Errorf("cannot encode %v frames per second: must be above 0 and at most 240", s.FrameRate)
	case s.BitRate < 10_000:
		return fmt.Errorf("cannot encode at %d bit/s: must be at least 10,000", s.BitRate)
	}
	return nil
}

// At gives the settings with another bit rate (bit/s) and frame rate (frames/s).
func (s Settings) At(bitRate int, frameRate float64) (Settings, error) {
	s.BitRate, s.FrameRate = bitRate, frameRate
	return s, s.Check()
}

// KeyframeFrames is KeyframeEvery in frames; 0: only on order.
func (s Settings) KeyframeFrames() int {
	return int(math.Ceil(s.FrameRate * max(0, s.KeyframeEvery.Seconds())))
}

// Fits refuses a frame of another size or form: an encoder reads as many bytes as it
// was built for.
func (s Settings) Fits(frame *image.YCbCr) error {
	w, h := s.Width, s.Height
	switch {
	case frame.Rect.Dx() != w || frame.Rect.Dy() != h:
		return fmt.Errorf("cannot encode a frame of %dx%d: the encoder is for %dx%d", frame.Rect.Dx(), frame.Rect.Dy(), w, h)
	case frame.SubsampleRatio != image.YCbCrSubsampleRatio420:
		return fmt.Errorf("cannot encode a frame with chroma %v: it must be 4:2:0", frame.SubsampleRatio)
	case frame.YStride < w || frame.CStride < w/2 || len(frame.Y) < frame.YStride*(h-1)+w ||
		len(frame.Cb) < frame.CStride*(h/2-1)+w/2 || len(frame.Cr) < frame.CStride*(h/2-1)+w/2:
		return errors.New("cannot encode a frame whose planes are shorter than its size")
	}
	return nil
}
