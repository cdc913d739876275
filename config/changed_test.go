package config

import (
	"log/slog"
	"slices"
	"testing"
	"time"
)

func TestChanged(t *testing.T) {
	p := DefaultPodium()
	o := DefaultPodium()
	if keys := p.Changed(o); keys != nil {
		t.Errorf("nothing was changed, and %q is said", keys)
	}
	o.Log, o.Camera.Width, o.Panel.Chips = slog.LevelDebug, 640, []string{"one"}
	if keys := p.Changed(o); !slices.Equal(keys, []string{"log", "panel.chips", "camera.width"}) {
		t.Errorf("changed: %q", keys)
	}
	s, r := DefaultStage(), DefaultStage()
	r.Lease = time.Minute
	if keys := s.Changed(r); !slices.Equal(keys, []string{"lease"}) {
		t.Errorf("changed: %q", keys)
	}
}
