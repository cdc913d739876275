package appliance

import (
	"time"

	"podium/stage"
)

// traceLength is how many steps are kept.
const traceLength = 64

// TraceStep is one step of the core, for `podium status --trace`.
type TraceStep struct {
	At      time.Time    `json:"at"`
	Event   string       `json:"event"`
	Status  stage.Status `json:"status"`
	Effects []string     `json:"effects,omitempty"`
}

// trace keeps the last steps. What only renews the lease or lets time pass is left
// out.
type trace []TraceStep

func (t *trace) add(at time.Time, e Event, s State, effects []Effect) {
	switch e.(type) {
	case Heard, Tick:
		if len(effects) == 0 {
			return
		}
	}
	step := TraceStep{At: at, Event: describe(e), Status: s.status}
	for _, effect := range effects {
		step.Effects = append(step.Effects, explain(effect))
	}
	*t = append(*t, step)
	if len(*t) > traceLength {
		*t = (*t)[1:]
	}
}
