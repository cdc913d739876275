package capture

import (
	"time"

	"github.com/pion/webrtc/v4/pkg/media"
)

// leastStep keeps RTP time moving when a clock does not: one tick at 90 kHz.
const leastStep = time.Second/90000 + 1

// timeline turns times of capture into durations for samples, as the package
// comment describes. It works from the sum of what it gave out, so a step that
// had to be corrected is made up by the next ones.
type timeline struct {
	period  time.Duration // nominal, the first sample's duration
	started bool
	origin  time.Duration // when the first sample was captured
	given   time.Duration // sum of all durations so far
}

// next returns the duration of a sample captured at the given time on any clock
// that only moves forward.
func (t *timeline) next(captured time.Duration) time.Duration {
	if !t.started {
		t.started, t.origin = true, captured
	}
	d := max(captured-t.origin+t.period-t.given, leastStep)
	t.given += d
	return d
}

// older takes from a sample's capture time what its device does not know of.
func older(delay time.Duration) func(media.Sample, error) (media.Sample, error) {
	return func(s media.Sample, err error) (media.Sample, error) {
		s.Timestamp = s.Timestamp.Add(-delay)
		return s, err
	}
}
