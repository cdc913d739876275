package service

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What holds the machine back is in the status, and told once in the log.
func TestHealthIsToldOnce(t *testing.T) {
	root := t.TempDir()
	file := filepath.Join(root, "sys/devices/platform/soc/soc:firmware/get_throttled")
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	h := newHealth(root, slog.New(slog.NewTextHandler(&log, nil)))
	if m := h.machine(); m != nil {
		t.Errorf("a machine that says nothing: %+v", m)
	}
	for _, step := range []struct{ bits, now, before string }{
		{"0", "", ""}, {"10001", "[underVoltage] [underVoltage]", "held back"}, {"10001", "[underVoltage] [underVoltage]", ""}, {"10000", "[] [underVoltage]", "no longer"},
	} {
		log.Reset()
		if err := os.WriteFile(file, []byte(step.bits+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		h.look()
		got := ""
		if m := h.machine(); m != nil {
			got = fmt.Sprint(m.Throttled, " ", m.Before)
		}
		if got != step.now {
			t.Errorf("%s: %s, want %s", step.bits, got, step.now)
		}
		if said := log.String(); !strings.Contains(said, step.before) || (step.before == "") != (said == "") {
			t.Errorf("%s: the log says %q, want %q", step.bits, said, step.before)
		}
	}
}
