package server

import (
	"time"

	"podium/stage"
)

// record gives the meeting's turns in the order of their beginning.
func (m *meeting) record(now time.Time) ([]stage.Entry, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.rules.Running(now), nil
}
