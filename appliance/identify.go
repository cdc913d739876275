package appliance

import "time"

// identify makes the lamps say which podium this is, for a while by this
// podium's own clock: a host who is gone cannot leave them flashing.
func (s *State) identify(e Identify, now time.Time) {
	s.identifyUntil = time.Time{}
	if e.For > 0 {
		s.identifyUntil = now.Add(min(e.For, identifyMost))
	}
}

func (s *State) identifying(now time.Time) bool { return now.Before(s.identifyUntil) }
