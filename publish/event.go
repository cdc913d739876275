package publish

import "time"

// Event is what the owner is told: Flowing, Fault, FaultCleared or Lost.
type Event interface{ event() }

type (
	// Flowing tells that packets leave: On with the first that really left, not On
	// when none has left for a quarter of a second, or at once after Close.
	Flowing struct{ On bool }

	// Fault tells that a device cannot be used; the other one goes on. It stands
	// until FaultCleared, also beyond the end of the publication.
	Fault struct {
		Device string // Camera or Microphone
		Err    error
	}

	// FaultCleared tells that the device works again.
	FaultCleared struct{ Device string }

	// Lost tells that the publication is over because the place refused it or the
	// connection failed. It is told at most once per publication, after
	// Flowing{false}, and not at all once Close was called.
	Lost struct {
		Err error
		// Status is the HTTP status of the refusal, 0 when there was none.
		Status int
		// Retry tells that the same might succeed with a fresh token.
		Retry bool
		// RetryAfter is how long the server asks to wait; 0 when it says nothing.
		RetryAfter time.Duration
	}
)

func (Flowing) event()      {}
func (Fault) event()        {}
func (FaultCleared) event() {}
func (Lost) event()         {}
