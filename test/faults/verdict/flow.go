package verdict

import "time"

// Pause is how long no packet of a flow may be seen for it to have stopped. Sound
// brings one every 20 ms; heavy loss and a busy machine make holes, too.
const Pause = 500 * time.Millisecond

// Flow tells how packets went on after a fault began. Times count from there.
type Flow struct {
	Stopped bool          `json:"stopped"` // there was a pause
	Last    time.Duration `json:"last"`    // the last packet before the latest pause; 0: none after the fault
	Resumed bool          `json:"resumed"` // packets came after the latest pause
	Back    time.Duration `json:"back"`    // the first packet after the latest pause
	Longest time.Duration `json:"longest"` // the longest time without a packet, to the end of the watch
}

// FlowOf looks at the packets of one flow, in order, from shortly before the fault
// to the end of the watch.
func FlowOf(packets []time.Duration, end time.Duration) Flow {
	var f Flow
	last := time.Duration(0)
	seen := func(at time.Duration, packet bool) {
		hole := at - last
		f.Longest = max(f.Longest, hole)
		if hole >= Pause {
			f.Stopped, f.Last, f.Resumed, f.Back = true, last, packet, at
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
