package server

import (
	"log/slog"
	"sync"
	"testing"
	"time"

	"podium/stage"
)

// quietEngine is a media plane that nobody uses.
type quietEngine struct{ Engine }

func (quietEngine) Evict(string, string) {}

// hungStore takes what is saved when it is let go.
type hungStore struct {
	memory
	entered chan struct{}
	release chan struct{}
}

func (h *hungStore) Save(changes map[string]stage.Saved) error {
	h.entered <- struct{}{}
	<-h.release
	return h.memory.Save(changes)
}

func heartServer(t *testing.T, store Store, lease time.Duration) *meeting {
	t.Helper()
	s, err := New(Config{Key: make([]byte, MinKeyLength), Engine: quietEngine{}, Lease: lease, Store: store, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	m, err := s.enter("hall")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.leave(m)
		if err := s.Close(t.Context()); err != nil && t.Context().Err() == nil {
			t.Error(err)
		}
	})
	return m
}

// A meeting whose lock is held is not alive; one that is only busy is.
func TestMeetingIsAliveWhileItsLockComesFree(t *testing.T) {
	m := heartServer(t, nil, DefaultLease)
	if !m.alive(0) {
		t.Fatal("a meeting in which nothing happens is dead")
	}
	m.mu.Lock()
	if m.alive(0) {
		t.Error("alive while its lock is held")
	}
	if !m.alive(time.Hour) {
		t.Error("dead because of one step that is being done")
	}
	m.mu.Unlock()
	if !m.alive(0) {
		t.Error("dead when its lock is free again")
	}
}

// However busy, no ping is held back: of the many that ask while many step, each is
// told that the meeting lives.
func TestABusyMeetingIsAlive(t *testing.T) {
	m := heartServer(t, nil, DefaultLease)
	done := make(chan struct{})
	var steppers, askers sync.WaitGroup
	for range 4 {
		steppers.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
					m.step(func(time.Time) stage.Outcome { return stage.Outcome{} })
				}
			}
		})
	}
	for range 4 {
		askers.Go(func() {
			for range 20_000 {
				if !m.alive(DefaultLease / lookPart) {
					t.Error("a busy meeting is taken for dead")
					return
				}
			}
		})
	}
	askers.Wait()
	close(done)
	steppers.Wait()
}

// A store that takes nothing and says nothing holds back what podiums are to be
// told: after a lease of that the meeting is not alive.
func TestMeetingIsDeadWhileItsStoreHangs(t *testing.T) {
	store := &hungStore{entered: make(chan struct{}, 16), release: make(chan struct{})}
	const lease = 50 * time.Millisecond
	m := heartServer(t, store, lease)
	m.step(func(time.Time) stage.Outcome {
		settings := stage.DefaultSettings()
		return stage.Outcome{Saved: stage.Saved{Settings: &settings}}
	})
	<-store.entered
	for end := time.Now().Add(30 * time.Second); m.alive(time.Hour); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("alive while nothing can be told")
		}
	}
	if delay := m.line.delay(); delay <= lease {
		t.Errorf("dead after %v", delay)
	}
	close(store.release)
	for end := time.Now().Add(30 * time.Second); !m.alive(time.Hour); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("dead although everything has been told")
		}
	}
}
