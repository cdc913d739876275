package verdict

import (
	"fmt"
	"strings"
)

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

// LastHeard tells when the viewer heard the last of it, from the fault's beginning.
func LastHeard(r Run) string {
	if !r.Heard.Stopped {
		return "went on"
	}
	return seconds(r.Heard.Last)
}

// SoundBack tells when sound was back at the viewer, from the fault's end, or from
// the new press that it took.
func SoundBack(r Run) string {
	switch {
	case r.Press > 0:
		return "by a press, " + seconds(r.Press)
	case !r.Heard.Stopped:
		return "not missed"
	case !r.Heard.Resumed:
		return "no"
	case r.Heard.Back < r.Ended:
		return fmt.Sprintf("%s before its end", seconds(r.Ended-r.Heard.Back))
	default:
		return seconds(r.Heard.Back - r.Ended)
	}
}

// verdictOf says whether a run met its expectation.
func verdictOf(r Run) string {
	if len(r.Wrong) > 0 {
		return "**wrong**: " + strings.Join(r.Wrong, "; ")
	}
	return "as expected"
}

// name of a run: its row, and the second fault.
func name(r Run) (row, second string) {
	switch {
	case !r.Again:
		return r.Row, ""
	case r.Second == "":
		return r.Row, "the same again"
	default:
		return r.Row, r.Second
	}
}

// Line tells a run in one line, for whoever waits.
func Line(r Run) string {
	row, second := name(r)
	if second != "" {
		row += ", and in it " + second
	}
	return fmt.Sprintf("%s: %s; last packet %s; sound back %s; lamps %s, then %s; %s",
		row, Ending(r), LastPacket(r), SoundBack(r), r.During.Lamps(), r.Podium.Lamps(), verdictOf(r))
}

// Table writes all runs as a table in Markdown.
func Table(runs []Run) string {
	var b strings.Builder
	b.WriteString("| fault | in it | last packet left | last heard | sound back | lamps at its end, and later | in the end | verdict |\n|---|---|---|---|---|---|---|---|\n")
	for _, r := range runs {
		row, second := name(r)
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s, then %s | %s | %s |\n",
			row, second, LastPacket(r), LastHeard(r), SoundBack(r), r.During.Lamps(), r.Podium.Lamps(), Ending(r), verdictOf(r))
	}
	return b.String()
}
