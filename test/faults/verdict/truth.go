package verdict

import (
	"fmt"
	"time"
)

// State is what the podium said of itself from a moment on. Times count from the
// fault's beginning.
type State struct {
	At        time.Duration `json:"at"`
	Until     time.Duration `json:"until"`  // when it was last seen so
	Silent    bool          `json:"silent"` // nobody answered at the socket; the rest says nothing
	Status    string        `json:"status,omitempty"`
	Reason    string        `json:"reason,omitempty"`
	Connected bool          `json:"connected"`
	Open      bool          `json:"open"`          // the gate
	Why       []string      `json:"why,omitempty"` // it is closed
	Red       string        `json:"red,omitempty"` // the lamp's pattern
	Faults    []string      `json:"faults,omitempty"`
	Green     string        `json:"green,omitempty"`
}

// Same reports whether two moments show the same.
func (s State) Same(o State) bool {
	s.At, s.Until, o.At, o.Until = 0, 0, 0, 0
	return fmt.Sprint(s) == fmt.Sprint(o)
}

// Lamps names both lamps.
func (s State) Lamps() string {
	if s.Silent {
		return "no answer"
	}
	return s.Red + " / " + s.Green
}

const (
	// lampLate is how long the red lamp may be wrong.
	lampLate = 250 * time.Millisecond
	// seenLate is how late the link may see a packet that left before the gate shut.
	seenLate = 100 * time.Millisecond
)

// Lies gives what the podium said that the packets on the wire deny: a gate that is
// shut lets nothing out, and the red lamp is not off while packets leave. Of a turn
// that was over nothing opens the gate again: nobody presses during a fault. Packets
// may come to the wire as late as queue.
func Lies(states []State, packets []time.Duration, queue time.Duration) (lies []string) {
	over := false
	for _, s := range states {
		if s.Silent {
			continue
		}
		over = over || s.Status != On
		if over && s.Open {
			lies = append(lies, fmt.Sprintf("the gate opened without a press, %.2f s", s.At.Seconds()))
		}
		if !s.Open {
			lies = appendLie(lies, packets, s, seenLate+queue, "the gate was shut")
		}
		if s.Red == "off" {
			lies = appendLie(lies, packets, s, lampLate+queue, "the red lamp was off")
		}
	}
	return lies
}

func appendLie(lies []string, packets []time.Duration, s State, late time.Duration, what string) []string {
	count := 0
	for _, at := range packets {
		if at > s.At+late && at <= s.Until {
			count++
		}
	}
	if count == 0 {
		return lies
	}
	return append(lies, fmt.Sprintf("%d packets left while %s, %.2f to %.2f s", count, what, s.At.Seconds(), s.Until.Seconds()))
}
