package stage

// Tally counts who is in a meeting.
type Tally struct {
	By    map[Status]int // the participants by status, of all presets
	OnAir int            // those whose media arrives
}

// Tally counts the meeting's participants, listed or not.
func (m *Meeting) Tally() Tally {
	t := Tally{By: map[Status]int{OffStage: 0, Requested: 0, Accepted: 0, OnStage: 0}}
	for _, p := range m.people {
		t.By[p.status]++
		if p.turn.onAir() {
			t.OnAir++
		}
	}
	return t
}
