package server

import (
	"bytes"
	"context"
	"path/filepath"
	"testing"
	"time"

	"podium/stage"
	"podium/stage/server/servertest"
	"podium/stage/store"
)

// BenchmarkStep is what a press costs until it may be told: alone, and with 64
// others that are stored together with it.
func BenchmarkStep(b *testing.B) {
	file, err := store.Open(filepath.Join(b.TempDir(), "stage.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	for _, row := range []struct {
		name     string
		store    Store
		together int
	}{{"memory", nil, 1}, {"file", file, 1}, {"file together", file, 64}} {
		b.Run(row.name, func(b *testing.B) { benchmarkStep(b, row.store, row.together) })
	}
}

func benchmarkStep(b *testing.B, kept Store, together int) {
	s, err := New(Config{Key: bytes.Repeat([]byte("k"), MinKeyLength), Engine: &servertest.Engine{}, Store: kept, Lease: time.Minute})
	if err != nil {
		b.Fatal(err)
	}
	m, err := s.enter(b.Name())
	if err != nil {
		b.Fatal(err)
	}
	m.step(func(now time.Time) stage.Outcome {
		_, out := m.rules.Join(stage.Peer{PeerID: "1", UserID: "ann", Preset: stage.Presets["podium"]}, now)
		return out
	})
	methods := []stage.Method{stage.RequestAccess, stage.CancelRequestAccess}
	for n := 0; b.Loop(); n++ {
		p := &parcel{opened: make(chan struct{})}
		m.stepWith(p, func(now time.Time) stage.Outcome {
			_, out, refused := m.rules.Own("1", methods[n%2], now)
			if refused != nil {
				b.Error(refused)
			}
			return out
		})
		if n%together == 0 {
			<-p.opened
		}
	}
	s.leave(m)
	if err := s.Close(context.Background()); err != nil {
		b.Fatal(err)
	}
}
