package publish

import (
	"time"

	"github.com/pion/webrtc/v4"
	"github.com/pion/webrtc/v4/pkg/media"
)

const (
	// idrPatience is how long the picture waits for its first keyframe.
	idrPatience = 3 * time.Second
	// idrAgain is how often that keyframe is asked for.
	idrAgain = 300 * time.Millisecond
)

// sink puts the samples of one device on its track from the moment the
// connection is up. A picture begins with an IDR picture: a viewer could not
// decode what comes before it.
type sink struct {
	track *track
	gate  *gate
	up    <-chan struct{}
	ask   func() // for a keyframe

	begun bool
	since time.Time // when the connection was first found up
	asked time.Time
}

func (s *sink) put(sample media.Sample) {
	select {
	case <-s.up:
	default:
		return
	}
	if s.begun || s.track.Kind() == webrtc.RTPCodecTypeAudio {
		s.track.write(sample)
		return
	}
	now := time.Now()
	if s.since.IsZero() {
		s.since, s.asked = now, now // the keyframe was asked for when the connection came up
	}
	if !hasIDR(sample.Data) && now.Sub(s.since) < idrPatience {
		if now.Sub(s.asked) >= idrAgain {
			s.asked = now
			s.ask()
		}
		return
	}
	before := s.gate.video.Load()
	s.track.write(sample)
	s.begun = s.gate.video.Load() > before
}
