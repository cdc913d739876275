package server

import (
	"slices"
	"sync"

	"podium/stage"
	"podium/stage/enrol"
)

// Store keeps what outlives the process, meeting by meeting. Its methods may be
// called from any goroutine.
type Store interface {
	// Load gives every meeting, without the records.
	Load() (map[string]stage.Saved, error)
	// LoadMeeting gives one meeting without its record; nothing of an unknown one.
	LoadMeeting(name string) (stage.Saved, error)
	// Save writes what changed in these meetings: all of it has outlived the
	// process when it returns nil, and none of it otherwise.
	Save(changes map[string]stage.Saved) error
	// Record gives a meeting's ended turns, in the order of their ends.
	Record(name string) ([]stage.Entry, error)
	Podiums
}

// memory is the Store of a service without a file: it forgets everything with
// the process, but nothing before.
type memory struct {
	mu       sync.Mutex
	meetings map[string]stage.Saved
}

func (m *memory) Podiums() ([]enrol.Podium, error) { return nil, nil }

func (m *memory) SavePodium(enrol.Podium) error { return nil }

func (m *memory) ForgetPodium(string) error { return nil }

func (m *memory) Load() (map[string]stage.Saved, error) { return nil, nil }

func (m *memory) LoadMeeting(name string) (stage.Saved, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	saved := m.meetings[name]
	saved.Record = nil
	return saved, nil
}

func (m *memory) Save(changes map[string]stage.Saved) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.meetings == nil {
		m.meetings = map[string]stage.Saved{}
	}
	for name, change := range changes {
		saved := merge(m.meetings[name], change)
		saved.People = slices.DeleteFunc(saved.People, func(p stage.SavedPerson) bool { return p.Status == stage.OffStage })
		m.meetings[name] = saved
	}
	return nil
}

func (m *memory) Record(name string) ([]stage.Entry, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.meetings[name].Record), nil
}

// merge gives what two steps have changed together. It writes into neither.
func merge(former, later stage.Saved) stage.Saved {
	if later.Settings != nil {
		former.Settings = later.Settings
	}
	if later.Priority != nil {
		former.Priority = later.Priority
	}
	former.People = replace(former.People, later.People, func(p stage.SavedPerson) string { return p.UserID })
	former.Waits = replace(former.Waits, later.Waits, func(w stage.SavedWait) string { return w.UserID })
	former.Record = append(former.Record[:len(former.Record):len(former.Record)], later.Record...)
	return former
}

// replace gives the former values without those that the later ones replace, and
// the later ones.
func replace[T any](former, later []T, key func(T) string) []T {
	if len(former) == 0 || len(later) == 0 {
		return append(former[:len(former):len(former)], later...)
	}
	replaced := map[string]bool{}
	for _, v := range later {
		replaced[key(v)] = true
	}
	all := make([]T, 0, len(former)+len(later))
	for _, v := range former {
		if !replaced[key(v)] {
			all = append(all, v)
		}
	}
	return append(all, later...)
}
