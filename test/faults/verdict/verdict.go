package verdict

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// The statuses that a row may end with.
const (
	On  = "ON_STAGE"
	Off = "OFF_STAGE"
)

// Want is what a row expects. Times of zero demand nothing.
type Want struct {
	// End is what both sides say when the fault is over; Either leaves it open. With
	// Off, a new press must work.
	End string
	// Reasons are those that the podium may give for it; nil: any.
	Reasons []string
	// StopBy is when the last packet has left the podium at the latest, from the
	// fault's beginning.
	StopBy time.Duration
	// UnheardBy is the same at the viewer, who hears nothing more without a press.
	UnheardBy time.Duration
	// Steady wants packets to leave without a pause.
	Steady bool
	// BackBy is when sound is back at the viewer by itself at the latest, from the
	// fault's end.
	BackBy time.Duration
	// Sound is the share of the sound that reaches the viewer during the fault at
	// least, 0 to 1.
	Sound float64
	// Gives wants the picture to give up some of its bit rate during the fault.
	Gives bool
	// PictureBy is when it has most of it back at the latest, from the fault's end.
	PictureBy time.Duration
}

// Either is for rows that may end on or off stage.
const Either = ""

// pressBy is how long a new press may take to be heard, the host's grant included.
const pressBy = 3 * time.Second

// Run is what was seen of one run of a row. Times count from the fault's beginning.
type Run struct {
	Row     string        `json:"row"`
	Again   bool          `json:"again"`            // with a second fault before the first was over
	Second  string        `json:"second,omitempty"` // that fault, where it is another one
	Ended   time.Duration `json:"ended"`            // the last fault
	Queue   time.Duration `json:"queue,omitempty"`  // how late a packet may come to the link, as the fault has it queue before it
	Sound   float64       `json:"sound"`            // the share of the sound that reached the viewer during the fault
	Picture Picture       `json:"picture"`
	Leaving Flow          `json:"leaving"`
	Heard   Flow          `json:"heard"`
	Podium  State         `json:"podium"` // when all had settled
	Stage   string        `json:"stage"`  // the same, as the stage has it
	During  State         `json:"during"` // when the fault was about to end
	Press   time.Duration `json:"press"`  // from a new press to sound at the viewer; 0: none was needed
	Notes   []string      `json:"notes,omitempty"`
	Late    time.Duration `json:"late"` // how late the machine let a timer run at the worst
	States  []State       `json:"states"`
	Lies    []string      `json:"lies,omitempty"`
	Missed  []string      `json:"missed,omitempty"` // what the fault itself expected in vain
	Wrong   []string      `json:"wrong"`            // what missed the expectation
}

// Judge gives the sentences about what missed the expectation. A busy machine may
// let sound come later, and make a hole in it; it does not let packets leave that
// should not.
func Judge(r Run, w Want) (wrong []string) {
	say := func(miss bool, format string, args ...any) {
		if miss {
			wrong = append(wrong, fmt.Sprintf(format, args...))
		}
	}
	say(r.Podium.Status != r.Stage, "the podium says %s, the stage %s", r.Podium.Status, r.Stage)
	say(w.End != Either && r.Stage != w.End, "it ended %s, want %s", r.Stage, w.End)
	say(w.Reasons != nil && !slices.Contains(w.Reasons, r.Podium.Reason),
		"the reason is %q, want %s", r.Podium.Reason, strings.Join(w.Reasons, " or "))
	say(w.StopBy > 0 && !r.Leaving.endedBy(w.StopBy+r.Queue),
		"packets left until %s, want at most %s", r.Leaving.until(), seconds(w.StopBy+r.Queue))
	say(w.UnheardBy > 0 && !r.Heard.endedBy(w.UnheardBy),
		"the viewer heard until %s, want at most %s", r.Heard.until(), seconds(w.UnheardBy))
	say(w.Steady && r.Leaving.Length >= Pause+r.Late, "packets ceased to leave at %s", seconds(r.Leaving.Last))
	say(w.BackBy > 0 && r.Heard.Stopped && (!r.Heard.Resumed || r.Heard.Back-r.Ended > w.BackBy+r.Late),
		"sound was back %s after the fault, want at most %s", text(r.Heard.Resumed, r.Heard.Back-r.Ended), seconds(w.BackBy))
	say(r.Stage == Off && (r.Press == 0 || r.Press > pressBy+r.Late), "a new press took %s to be heard, want at most %s",
		text(r.Press > 0, r.Press), seconds(pressBy))
	say(r.Sound < w.Sound, "%.0f %% of the sound was heard, want %.0f %%", 100*r.Sound, 100*w.Sound)
	say(w.Gives && r.Picture.most(r.Picture.Least), "the picture gave nothing up: %s before, %s at least", r.Picture.Before, r.Picture.Least)
	say(w.PictureBy > 0 && (!r.Picture.IsBack() || r.Picture.Back.At-r.Ended > w.PictureBy+r.Late),
		"the picture was back %s after the fault, want at most %s", text(r.Picture.IsBack(), r.Picture.Back.At-r.Ended), seconds(w.PictureBy))
	wrong = append(wrong, r.Missed...)
	return append(wrong, r.Lies...)
}

// endedBy reports whether the last packet came by then, and nothing without a press.
func (f Flow) endedBy(at time.Duration) bool { return f.Stopped && !f.Resumed && f.Last <= at }

func (f Flow) until() string {
	if !f.Stopped || f.Resumed {
		return "the end"
	}
	return seconds(f.Last)
}

func text(is bool, d time.Duration) string {
	if !is {
		return "for ever"
	}
	return seconds(d)
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.2f s", d.Seconds()) }
