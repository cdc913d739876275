package verdict

// Ending tells what both sides say when all has settled.
func Ending(r Run) string {
	if r.Podium.Status != r.Stage {
		return r.Podium.Status + " (the stage: " + r.Stage + ")"
	}
	if r.Stage == On || r.Podium.Reason == "" {
		return r.Stage
	}
	return r.Stage + ", " + r.Podium.Reason
}

// LastPacket tells when the podium's packets stopped, from the fault's beginning.
func LastPacket(r Run) string {
	if !r.Leaving.Stopped {
		return "went on"
	}
	return seconds(r.Leaving.Last)
}

// SoundBack tells when sound was back at the viewer, from the fault's end.
func SoundBack(r Run) string {
	switch {
	case !r.Heard.Stopped:
		return "not missed"
	case !r.Heard.Resumed:
		return "no"
	default:
		return seconds(r.Heard.Back - r.Ended)
	}
}

// Pressed tells how long a new press took to be heard.
func Pressed(r Run) string {
	if r.Press == 0 {
		return ""
	}
	return seconds(r.Press)
}
