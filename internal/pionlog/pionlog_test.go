package pionlog

import (
	"bytes"
	"log/slog"
	"testing"
)

func TestOneLevelLower(t *testing.T) {
	var out bytes.Buffer
	drop := func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}
	log := slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug, ReplaceAttr: drop}))
	l := Factory{log}.NewLogger("ice")
	l.Info("dropped")
	l.Debugf("dropped %d", 1)
	l.Warnf("viewer %s went", "a")
	l.Error("socket gone")
	want := "level=DEBUG msg=\"viewer a went\" pion=ice\nlevel=WARN msg=\"socket gone\" pion=ice\n"
	if out.String() != want {
		t.Errorf("wrote %q, want %q", out.String(), want)
	}
}
