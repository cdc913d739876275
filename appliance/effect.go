package appliance

import (
	"fmt"

	"podium/stage"
)

// Effect is something that the loop has to do, in the order given.
type Effect interface{ effect() }

type (
	// Call sends one of the participant's own methods; its answer comes back as
	// Answered with the same ID.
	Call struct {
		ID     uint64
		Method stage.Method
	}
	// OpenGate starts a publication. It replaces one that runs.
	OpenGate struct{ Place stage.Place }
	// CloseGate stops media before anything else is done.
	CloseGate struct{ Why Reason }
)

func (Call) effect()      {}
func (OpenGate) effect()  {}
func (CloseGate) effect() {}

// explain names an effect for the trace, without any token.
func explain(e Effect) string {
	switch e := e.(type) {
	case Call:
		return fmt.Sprintf("call %d %s", e.ID, e.Method)
	case OpenGate:
		return "open gate to " + e.Place.URL
	case CloseGate:
		return "close gate: " + e.Why.Text
	default:
		return fmt.Sprintf("%T", e)
	}
}
