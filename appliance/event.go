package appliance

import (
	"errors"
	"fmt"
	"time"

	"podium/stage"
)

// Event is something that happened: a press, a word of the server, a fact about
// media, or the passing of time.
type Event interface{ event() }

// Button names a button of the panel.
type Button string

// The buttons of the panel.
const (
	ButtonRequest Button = "request"
	ButtonCancel  Button = "cancel"
)

// The parts that can have a Fault.
const (
	PartCamera     = "camera"
	PartMicrophone = "microphone"
	PartPanel      = "panel"
	PartMedia      = "media"
	PartServer     = "server"
)

// ErrInterrupted in Answered tells that the call was not answered because the
// connection broke, or was not there.
var ErrInterrupted = errors.New("no connection to the stage server")

type (
	// Press is a button pressed (its leading edge), or held long.
	Press struct {
		Button Button
		Long   bool
	}
	// Connected tells that the meeting is joined; the server's status stands.
	Connected struct{ Joined stage.Joined }
	// Disconnected tells that the connection is gone. The lease runs on.
	Disconnected struct{ Why string }
	// Heard tells that the server was heard: the lease is fresh.
	Heard struct{}
	// StatusChanged is the server's word on the status.
	StatusChanged struct{ stage.StatusUpdate }
	// TurnedDown tells that a request ended without a turn, or that a host ended
	// the turn.
	TurnedDown struct{ Reason stage.Reason }
	// Moved tells the place in the queue.
	Moved struct{ Position int }
	// Answered brings the answer to a Call effect.
	Answered struct {
		ID     uint64
		Result stage.StatusResult
		Err    error
	}
	// Flowing tells that packets began or ceased to leave, counted as they leave.
	Flowing struct{ On bool }
	// Fault tells what is wrong with a part; an empty Text: nothing any more.
	Fault struct {
		Part string `json:"part"`
		Text string `json:"text"`
	}
	// MediaLost tells that the publication broke or was refused; After is how
	// long the server asks to wait, 0 when it does not say.
	MediaLost struct {
		Why   string
		After time.Duration
	}
	// Tick lets time pass.
	Tick struct{}
	// Stop ends the podium.
	Stop struct{}
)

func (Press) event()         {}
func (Connected) event()     {}
func (Disconnected) event()  {}
func (Heard) event()         {}
func (StatusChanged) event() {}
func (TurnedDown) event()    {}
func (Moved) event()         {}
func (Answered) event()      {}
func (Flowing) event()       {}
func (Fault) event()         {}
func (MediaLost) event()     {}
func (Tick) event()          {}
func (Stop) event()          {}

// describe names an event for the trace, without any token.
func describe(e Event) string {
	switch e := e.(type) {
	case Press:
		if e.Long {
			return fmt.Sprintf("press %s, long", e.Button)
		}
		return fmt.Sprintf("press %s", e.Button)
	case Connected:
		return fmt.Sprintf("connected, %s", e.Joined.Self.Status)
	case Disconnected:
		return "disconnected: " + e.Why
	case StatusChanged:
		return fmt.Sprintf("status %s, %s", e.Status, e.Reason)
	case TurnedDown:
		return fmt.Sprintf("turned down, %s", e.Reason)
	case Moved:
		return fmt.Sprintf("position %d", e.Position)
	case Answered:
		if e.Err != nil {
			return fmt.Sprintf("answer %d: %v", e.ID, e.Err)
		}
		return fmt.Sprintf("answer %d: %s", e.ID, e.Result.Status)
	case Flowing:
		return fmt.Sprintf("packets leave: %t", e.On)
	case Fault:
		return fmt.Sprintf("fault of %s: %q", e.Part, e.Text)
	case MediaLost:
		return "media lost: " + e.Why
	default:
		return fmt.Sprintf("%T", e)[len("appliance."):]
	}
}
