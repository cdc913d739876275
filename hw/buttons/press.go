package buttons

import "time"

// Button is one of the podium's buttons.
type Button string

// The buttons.
const (
	Request Button = "request"
	Cancel  Button = "cancel"
)

// Kind is what happened to a button.
type Kind string

// The kinds. A press is Pressed, then Long and Stuck when it lasts, then Released.
// A button that was down at the start gives only Stuck, when it stays, and then
// Released.
const (
	Pressed  Kind = "pressed"
	Long     Kind = "long"
	Stuck    Kind = "stuck"
	Released Kind = "released"
)

// Press is something that a button did.
type Press struct {
	Button Button
	Kind   Kind
	At     time.Time
}
