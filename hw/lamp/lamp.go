package lamp

import "time"

// Pattern is what one lamp does.
type Pattern string

// The patterns of the table of lamps. Nothing flashes faster than 3 times a
// second; a colour is never the only carrier, so each has its own rhythm.
const (
	Off         Pattern = "off"
	On          Pattern = "on"
	Slow        Pattern = "slow"         // 0.5 Hz
	SlowInverse Pattern = "slow-inverse" // the other half of Slow: both lamps in turn
	Fast        Pattern = "fast"         // 2 Hz
	FastInverse Pattern = "fast-inverse" // the other half of Fast
	Blip        Pattern = "blip"         // one short blip every 2 s
	DoubleBlip  Pattern = "double-blip"  // two short blips every 2 s
	Refused     Pattern = "refused"      // three flashes at 2 Hz, then off for good
	Fault       Pattern = "fault"        // three short ones and a pause, again and again
)

// RefusedLength is how long the three flashes of Refused take.
const RefusedLength = 1500 * time.Millisecond

const ms = time.Millisecond

// rhythm is a list of lengths, lit first and dark second, and so on.
type rhythm struct {
	lengths []time.Duration
	inverse bool // dark first
	once    bool // not repeated; dark afterwards
}

var rhythms = map[Pattern]rhythm{
	Slow:        {lengths: []time.Duration{1000 * ms, 1000 * ms}},
	SlowInverse: {lengths: []time.Duration{1000 * ms, 1000 * ms}, inverse: true},
	Fast:        {lengths: []time.Duration{250 * ms, 250 * ms}},
	FastInverse: {lengths: []time.Duration{250 * ms, 250 * ms}, inverse: true},
	Blip:        {lengths: []time.Duration{100 * ms, 1900 * ms}},
	DoubleBlip:  {lengths: []time.Duration{150 * ms, 250 * ms, 150 * ms, 1450 * ms}},
	Refused:     {lengths: []time.Duration{250 * ms, 250 * ms, 250 * ms, 250 * ms, 250 * ms, 250 * ms}, once: true},
	Fault:       {lengths: []time.Duration{150 * ms, 250 * ms, 150 * ms, 250 * ms, 150 * ms, 1050 * ms}},
}

// Lit reports whether the lamp is lit when the pattern has been shown for since.
// An unknown pattern is dark; before its start (a negative since) a pattern is as at its start.
func (p Pattern) Lit(since time.Duration) bool {
	lit, _, _ := p.at(since)
	return lit
}

// Next tells how long it is from since until the level changes; ok is false when
// it never does again.
func (p Pattern) Next(since time.Duration) (wait time.Duration, ok bool) {
	_, wait, ok = p.at(since)
	return wait, ok
}

func (p Pattern) at(since time.Duration) (lit bool, left time.Duration, ok bool) {
	r, moving := rhythms[p]
	if !moving {
		return p == On, 0, false
	}
	var period time.Duration
	for _, length := range r.lengths {
		period += length
	}
	if r.once && since >= period {
		return false, 0, false
	}
	since = max(since, 0) % period
	for i, length := range r.lengths {
		if since < length {
			return (i%2 == 0) != r.inverse, length - since, true
		}
		since -= length
	}
	return false, 0, false
}
