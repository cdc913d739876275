package appliance

import (
	"time"

	"podium/stage"
)

// timing is where the turn stands in its speaking time, as the server said.
type timing struct {
	stage.TimeUpdate
	at time.Time // when it was said, by this podium's clock
}

// timed takes a phase of the speaking time of this podium's turn.
func (s *State) timed(u stage.TimeUpdate, now time.Time) {
	if s.turn.on {
		s.turn.speaking = timing{u, now}
	}
}

// pressing reports whether the speaker has to be warned.
func (t timing) pressing() bool { return t.Phase == stage.TimeWarning || t.Phase == stage.TimeOver }

// left gives what remains, negative when it is over.
func (t timing) left(now time.Time) time.Duration {
	left := length(t.RemainingMs)
	if t.Phase != stage.TimePaused {
		left -= now.Sub(t.at)
	}
	return left
}

// SpeakingTime is what `podium status --json` says of the speaking time.
type SpeakingTime struct {
	Phase       stage.TimePhase `json:"phase"`
	LimitMs     int64           `json:"limitMs"`          // of the whole turn; 0: none
	RemainingMs int64           `json:"remainingMs"`      // negative when it is over; 0 without a limit
	EndsAt      *stage.Time     `json:"endsAt,omitempty"` // by the server's clock
}

func (t timing) view(now time.Time) *SpeakingTime {
	if t.Phase == "" {
		return nil
	}
	v := &SpeakingTime{Phase: t.Phase, LimitMs: t.LimitMs, EndsAt: t.EndsAt}
	if t.LimitMs > 0 {
		v.RemainingMs = t.left(now).Milliseconds()
	}
	return v
}

// length gives a number of ms off the wire as a duration that cannot overflow.
func length(ms int64) time.Duration {
	const most = int64(longestWait / time.Millisecond)
	return time.Duration(max(-most, min(ms, most))) * time.Millisecond
}
