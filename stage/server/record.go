package server

import (
	"slices"
	"time"

	"podium/stage"
)

// record gives the meeting's turns in the order of their beginning: the ended
// ones from the store, and those that run.
func (m *meeting) record() ([]stage.Entry, error) {
	var running []stage.Entry
	m.settled(func(now time.Time) stage.Outcome { running = m.rules.Running(now); return stage.Outcome{} })
	owed := m.line.owed()
	entries, err := m.server.cfg.Store.Record(m.name)
	if err != nil {
		return nil, err
	}
	type turn struct {
		userID string
		began  int64
	}
	known := map[turn]bool{} // a turn may have ended, or been stored, since it was looked at
	for _, e := range entries {
		known[turn{e.UserID, e.OnStageAt.UnixMilli()}] = true
	}
	for _, e := range append(owed, running...) {
		if t := (turn{e.UserID, e.OnStageAt.UnixMilli()}); !known[t] {
			known[t] = true
			entries = append(entries, e)
		}
	}
	slices.SortStableFunc(entries, func(a, b stage.Entry) int { return a.OnStageAt.Compare(b.OnStageAt.Time) })
	return entries, nil
}
