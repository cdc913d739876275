package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"podium/test/rig"
)

// held is what one process holds at rest.
type held struct {
	counts
	rig.Usage
}

// sample is what everybody holds after so many turns.
type sample struct {
	Turns int     `json:"turns"`
	Held  [2]held `json:"held"`       // by the stage, by all podiums together
	Store int64   `json:"storeBytes"` // the record grows with the turns
}

// look waits until everybody rests, and counts.
func (s *soak) look(ctx context.Context) error {
	for _, p := range s.speakers {
		if err := p.AtRest(ctx); err != nil {
			return err
		}
	}
	n := sample{Turns: int(s.done.Load())}
	for i, p := range s.parties {
		if err := p.settle(ctx); err != nil {
			return err
		}
		var err error
		if n.Held[i], err = p.hold(ctx); err != nil {
			return err
		}
	}
	info, err := os.Stat(filepath.Join(s.folder, "stage.db"))
	if err != nil {
		return err
	}
	n.Store = info.Size()
	s.samples = append(s.samples, n)
	fmt.Fprintf(os.Stderr, "after %d turns: stage %s; podiums %s\n", n.Turns, n.Held[ofStage], n.Held[ofPodiums])
	if len(s.samples) == warm(s.options.samples)+1 {
		return s.keepProfiles(ctx)
	}
	return nil
}

func (h held) String() string {
	return fmt.Sprintf("%d goroutines, %d files, heap %.2f MB, RSS %.1f MB (%.1f anonymous), %d threads",
		h.Goroutines, h.Files, float64(h.Heap)/1e6, float64(h.RSS)/1024, float64(h.Anon)/1024, h.Threads)
}

func (s *soak) keepProfiles(ctx context.Context) error {
	for _, p := range s.parties {
		for _, c := range p.children {
			var err error
			if c.base, err = c.profiles(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}
