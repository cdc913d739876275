package appliance

import (
	"errors"
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
	PartLamps      = "lamps" // their lines: the podium would not show whether it is live
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
	// Connected tells that the meeting is joined; the server's status stands. At is
	// as in Heard.
	Connected struct {
		Joined stage.Joined
		At     time.Time
	}
	// Disconnected tells that the connection is gone. The lease runs on.
	Disconnected struct{ Why string }
	// Heard tells that the server was heard: the lease is fresh. At is when, by the
	// podium's clock, however late the loop takes it; zero: just now.
	Heard struct{ At time.Time }
	// StatusChanged is the server's word on the status.
	StatusChanged struct{ stage.StatusUpdate }
	// TurnedDown tells that a request ended without a turn, or that a host ended
	// the turn.
	TurnedDown struct{ Reason stage.Reason }
	// Moved tells the place in the queue.
	Moved struct{ Position int }
	// Granted tells what a grant covers, and how long it stands. That it was
	// granted is told by StatusChanged.
	Granted struct{ stage.Approved }
	// Suspended tells that a chair silences the turn, or lets it go on.
	Suspended struct{ stage.Suspended }
	// Timed tells a phase of the speaking time.
	Timed struct{ stage.TimeUpdate }
	// Identify asks the lamps to say which podium this is; 0 ends it.
	Identify struct {
		For time.Duration
		By  string // the host's userId
	}
	// Aired tells that the server receives our media, or no longer does.
	Aired struct{ On bool }
	// SettingsChanged tells the meeting's settings.
	SettingsChanged struct{ stage.Settings }
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
	// long the server asks to wait, 0 when it does not say; Refused that the same
	// would most likely be refused again.
	MediaLost struct {
		Why     string
		After   time.Duration
		Refused bool
	}
	// Tick lets time pass.
	Tick struct{}
	// Stop ends the podium.
	Stop struct{}
)

func (Press) event()           {}
func (Connected) event()       {}
func (Disconnected) event()    {}
func (Heard) event()           {}
func (StatusChanged) event()   {}
func (TurnedDown) event()      {}
func (Moved) event()           {}
func (Granted) event()         {}
func (Suspended) event()       {}
func (Timed) event()           {}
func (Identify) event()        {}
func (Aired) event()           {}
func (SettingsChanged) event() {}
func (Answered) event()        {}
func (Flowing) event()         {}
func (Fault) event()           {}
func (MediaLost) event()       {}
func (Tick) event()            {}
func (Stop) event()            {}
