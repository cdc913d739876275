package main

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"sync"
	"time"

	"podium/test/hil/guestapi"
)

// lampInterval is how often the lamps' levels are read: far below the
// shortest rhythm (50 ms), and cheap enough for an emulated machine.
const lampInterval = 2 * time.Millisecond

// lampWatch keeps the timeline of some lines.
type lampWatch struct {
	clock clock
	files map[string]*os.File

	mu      sync.Mutex
	level   map[string]bool
	changes []guestapi.LampChange
}

// watchLamps reads the lines from now on until the process ends.
func watchLamps(h *header, clock clock, lines ...string) (*lampWatch, error) {
	w := &lampWatch{clock: clock, files: map[string]*os.File{}, level: map[string]bool{}}
	for _, line := range lines {
		name, err := h.file(line, "value")
		if err != nil {
			return nil, err
		}
		if w.files[line], err = os.Open(name); err != nil {
			return nil, fmt.Errorf("cannot watch lamp %s: %w", line, err)
		}
	}
	go w.run()
	return w, nil
}

func (w *lampWatch) run() {
	for range time.Tick(lampInterval) {
		for line, file := range w.files {
			var value [1]byte
			if _, err := file.ReadAt(value[:], 0); err == nil {
				w.see(line, value[0] == '1')
			}
		}
	}
}

func (w *lampWatch) see(line string, high bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.level[line] != high {
		w.level[line] = high
		w.changes = append(w.changes, guestapi.LampChange{At: w.clock.now(), Line: line, High: high})
	}
}

// Lamps returns the timeline of the lamps.
func (g *Guest) Lamps(_ guestapi.None, lamps *guestapi.Lamps) error {
	g.lamps.mu.Lock()
	defer g.lamps.mu.Unlock()
	lamps.Now = g.clock.now()
	lamps.Changes = slices.Clone(g.lamps.changes)
	lamps.Level = maps.Clone(g.lamps.level)
	return nil
}
