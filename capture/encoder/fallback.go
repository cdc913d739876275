package encoder

import (
	"errors"
	"image"
)

// Fallback gives a Builder for one turn: it builds with first, and with second once
// first cannot be built or has failed. Then told has the reason, once; the picture goes
// on with a keyframe, and first is not tried again. What has failed is closed aside, for
// a stuck driver may block that for long.
//
// The Builder and its encoders belong to one goroutine.
func Fallback(first, second Builder, told func(error)) Builder {
	gone := false
	give := func(err error) {
		if !gone {
			gone = true
			told(err)
		}
	}
	return func(s Settings) (Encoder, error) {
		if err := s.Check(); err != nil {
			return nil, err
		}
		if !gone {
			enc, err := first(s)
			if err == nil {
				return &fallback{Encoder: enc, settings: s, second: second, give: give}, nil
			}
			give(err)
		}
		return second(s)
	}
}

// fallback is the first encoder as long as that works.
type fallback struct {
	Encoder
	settings Settings
	second   Builder // nil: it is used already
	give     func(error)
}

// Encode meets Encoder.
func (f *fallback) Encode(frame *image.YCbCr, keyframe bool) ([]byte, error) {
	if err := f.settings.Fits(frame); err != nil {
		return nil, err
	}
	unit, err := f.Encoder.Encode(frame, keyframe)
	if err == nil || f.second == nil {
		return unit, err
	}
	if err := f.change(err); err != nil {
		return nil, err
	}
	return f.Encoder.Encode(frame, true)
}

// SetRate meets Encoder.
func (f *fallback) SetRate(bitRate int, frameRate float64) error {
	next, err := f.settings.At(bitRate, frameRate)
	if err != nil {
		return err
	}
	f.settings = next
	err = f.Encoder.SetRate(bitRate, frameRate)
	if err == nil || f.second == nil {
		return err
	}
	return f.change(err)
}

// change goes over to the second encoder.
func (f *fallback) change(reason error) error {
	f.give(reason)
	enc, err := f.second(f.settings)
	if err != nil {
		return errors.Join(reason, err)
	}
	failed := f.Encoder
	go func() { _ = failed.Close() }() // told has heard why
	f.Encoder, f.second = enc, nil
	return nil
}
