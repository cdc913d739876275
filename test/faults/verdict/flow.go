package verdict

import "time"

// Pause is how long no packet of a flow may be seen for it to have stopped. Sound
// brings one every 20 ms; heavy loss and a busy machine make holes, too.
const Pause = 500 * time.Millisecond

// Flow tells how packets went on after a fault began. Times count from there. Of
// several pauses the latest counts: but not one that began long after the fault was
// over and ended by itself, which a busy machine makes.
type Flow struct {
	Stopped bool          `json:"stopped"` // there was a pause
	Last    time.Duration `json:"last"`    // the last packet before it; 0: none after the fault
	Resumed bool          `json:"resumed"` // packets came after it
	Back    time.Duration `json:"back"`    // the first of them
	Length  time.Duration `json:"length"`  // of the pause, to the end of the watch when they did not
	Longest time.Duration `json:"longest"` // the longest time without a packet, whatever came after
}

// after is how long after the end of a fault a pause may still be of its doing: a
// podium that finds its way back publishes anew.
const after = 750 * time.Millisecond

// FlowOf looks at the packets of one flow, in order, from shortly before the fault
// to the end of the watch; ended is when the fault was over.
func FlowOf(packets []time.Duration, ended, end time.Duration) Flow {
	var f Flow
	last := time.Duration(0)
	seen := func(at time.Duration, packet bool) {
		hole := at - last
		f.Longest = max(f.Longest, hole)
		if hole >= Pause && (!packet || last <= ended+after) {
			f.Stopped, f.Last, f.Resumed, f.Back, f.Length = true, last, packet, at, hole
		}
		last = at
	}
	for _, at := range packets {
		if at > 0 && at <= end {
			seen(at, true)
		}
	}
	seen(end, false)
	if !f.Resumed {
		f.Back = 0
	}
	return f
}
