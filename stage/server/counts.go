package server

import (
	"maps"
	"slices"
	"time"

	"podium/stage"
)

// Counts is what the service is holding at a moment.
type Counts struct {
	Meetings    int
	Connections int // WebSockets
	By          map[stage.Status]int
	OnAir       int
	Hanging     int // meetings whose rules cannot be reached: what they hold is in no other count
	StoreFails  bool
}

// countPatience is how long one meeting is waited for.
const countPatience = 100 * time.Millisecond

// Counts counts. A meeting that hangs holds it up for 100 ms.
func (s *Server) Counts() Counts {
	s.mu.Lock()
	c := Counts{Meetings: len(s.meetings), Connections: len(s.open), By: map[stage.Status]int{
		stage.OffStage: 0, stage.Requested: 0, stage.Accepted: 0, stage.OnStage: 0,
	}}
	meetings := slices.Collect(maps.Values(s.meetings))
	s.mu.Unlock()
	for _, m := range meetings {
		t, ok := m.tally()
		if !ok {
			c.Hanging++
			continue
		}
		for status, n := range t.By {
			c.By[status] += n
		}
		c.OnAir += t.OnAir
	}
	c.StoreFails = s.commits.problem() != nil
	return c
}

// tally counts the meeting, unless it hangs.
func (m *meeting) tally() (stage.Tally, bool) {
	for limit := time.Now().Add(countPatience); !m.mu.TryLock(); time.Sleep(time.Millisecond) {
		if time.Now().After(limit) {
			return stage.Tally{}, false
		}
	}
	defer m.mu.Unlock()
	return m.rules.Tally(), true
}
