package appliance

import "fmt"

// describe names an event for the trace, without any token.
func describe(e Event) string {
	switch e := e.(type) {
	case Connected, StatusChanged, TurnedDown, Moved, Answered, Disconnected:
		return describeStage(e)
	case Granted, Suspended, Timed, Identify, Aired, SettingsChanged:
		return describeExtra(e)
	case Press:
		if e.Long {
			return fmt.Sprintf("press %s, long", e.Button)
		}
		return fmt.Sprintf("press %s", e.Button)
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

// describeStage names what the contract of the stage brings.
func describeStage(e Event) string {
	switch e := e.(type) {
	case Connected:
		return fmt.Sprintf("connected, %s", e.Joined.Self.Status)
	case StatusChanged:
		return fmt.Sprintf("status %s, %s", e.Status, e.Reason)
	case TurnedDown:
		return fmt.Sprintf("turned down, %s", e.Reason)
	case Moved:
		return fmt.Sprintf("position %d", e.Position)
	case Answered:
		switch {
		case e.Err != nil:
			return fmt.Sprintf("answer %d: %v", e.ID, e.Err)
		case e.Result.Suspended:
			return fmt.Sprintf("answer %d: %s, suspended", e.ID, e.Result.Status)
		}
		return fmt.Sprintf("answer %d: %s", e.ID, e.Result.Status)
	case Disconnected:
		return "disconnected: " + e.Why
	default:
		return "?"
	}
}

// describeExtra names what the extras of the stage bring.
func describeExtra(e Event) string {
	switch e := e.(type) {
	case Granted:
		if e.Invited {
			return fmt.Sprintf("invited, %v", e.Media)
		}
		return fmt.Sprintf("approved, %v", e.Media)
	case Suspended:
		return fmt.Sprintf("suspended: %t, by %q", e.Suspended.Suspended, e.By)
	case Timed:
		return fmt.Sprintf("speaking time %s, %s left", e.Phase, length(e.RemainingMs))
	case Identify:
		return fmt.Sprintf("identify for %s, by %q", e.For, e.By)
	case Aired:
		return fmt.Sprintf("the server receives media: %t", e.On)
	default:
		return "settings changed"
	}
}
