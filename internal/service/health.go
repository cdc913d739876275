package service

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"podium/appliance"
	"podium/internal/machine"
)

const (
	// healthEvery is how often the machine is looked at; each look asks a Pi's firmware.
	healthEvery = 10 * time.Second
)

// health is what the machine says of itself, as of the last look.
type health struct {
	root string
	log  *slog.Logger

	mu   sync.Mutex // guards last
	last machine.Health
}

func newHealth(root string, log *slog.Logger) *health {
	h := &health{root: root, log: log}
	h.look()
	return h
}

// watch looks until the context ends.
func (h *health) watch(ctx context.Context) {
	tick := time.NewTicker(healthEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			h.look()
		}
	}
}

// look reads the machine's files, and logs what has begun.
func (h *health) look() {
	now := machine.Read(h.root)
	h.mu.Lock()
	before := h.last
	h.last = now
	h.mu.Unlock()
	for _, name := range now.Throttled {
		if !slices.Contains(before.Throttled, name) {
			h.log.Warn("the machine is held back", "by", name, "what", machine.Words(name))
		}
	}
	for _, name := range before.Throttled {
		if !slices.Contains(now.Throttled, name) {
			h.log.Info("the machine is no longer held back", "by", name)
		}
	}
}

// machine gives what the status shows; nil: nothing.
func (h *health) machine() *appliance.Machine {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.last.Temperature == nil && h.last.Throttled == nil && h.last.Before == nil {
		return nil
	}
	return &appliance.Machine{
		TemperatureC: h.last.Temperature,
		Throttled:    append([]string{}, h.last.Throttled...), Before: append([]string{}, h.last.Before...),
	}
}
