package encoder

import (
	"fmt"
	"image"
	"io"
	"sync"

	"github.com/pion/mediadevices/pkg/codec"
	"github.com/pion/mediadevices/pkg/io/video"
	"github.com/pion/mediadevices/pkg/prop"
)

// Params is a Builder with mediadevices' face (codec.VideoEncoderBuilder), for
// programs that encode a mediadevices track with it.
type Params struct {
	codec.BaseParams
	Build Builder
}

// RTPCodec is H.264 as mediadevices describes it.
func (p Params) RTPCodec() *codec.RTPCodec { return codec.NewRTPH264Codec(90000) }

// BuildVideoEncoder builds an encoder that reads from r. The frame rate of property
// has to be given: rate control is nothing without it.
func (p Params) BuildVideoEncoder(r video.Reader, property prop.Media) (codec.ReadCloser, error) {
	s := Settings{Width: property.Width, Height: property.Height, FrameRate: float64(property.FrameRate), BitRate: p.BitRate}
	enc, err := p.Build(s)
	if err != nil {
		return nil, err
	}
	return &reading{source: video.ToI420(r), enc: enc, settings: s}, nil
}

// reading is an Encoder as mediadevices has it: it reads its frames itself.
type reading struct {
	source video.Reader

	mu       sync.Mutex // guards all below
	enc      Encoder
	settings Settings
	wanted   bool
	closed   bool
}

// Read gives the next access unit; it belongs to the caller.
func (r *reading) Read() ([]byte, func(), error) {
	for {
		img, release, err := r.source.Read()
		if err != nil {
			return nil, func() {}, err
		}
		unit, err := r.encode(img)
		release()
		if err != nil || len(unit) > 0 {
			return unit, func() {}, err
		}
	}
}

func (r *reading) encode(img image.Image) ([]byte, error) {
	frame, ok := img.(*image.YCbCr)
	if !ok {
		return nil, fmt.Errorf("cannot encode a picture of the kind %T", img)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil, io.EOF
	}
	unit, err := r.enc.Encode(frame, r.wanted)
	r.wanted = r.wanted && len(unit) == 0
	return append([]byte(nil), unit...), err
}

// Controller gives the encoder itself: it implements codec.KeyFrameController and
// codec.BitRateController.
func (r *reading) Controller() codec.EncoderController { return r }

// ForceKeyFrame makes the next frame that is not skipped a keyframe.
func (r *reading) ForceKeyFrame() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.wanted = true
	return nil
}

// SetBitRate sets the bit rate, in bit/s.
func (r *reading) SetBitRate(bitRate int) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.enc.SetRate(bitRate, r.settings.FrameRate)
}

// Close frees the encoder.
func (r *reading) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil
	}
	r.closed = true
	return r.enc.Close()
}
