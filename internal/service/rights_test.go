package service

import (
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"podium/appliance"
)

// TestRightsOfWhatPodiumWrites has a row for each file of a demo, made under the
// umask that forbids nothing.
func TestRightsOfWhatPodiumWrites(t *testing.T) {
	defer syscall.Umask(syscall.Umask(0))
	panel, state, stop := demo(t)
	until(t, panel, "connected", func(s appliance.Status) bool { return s.Connected })
	want := map[string]fs.FileMode{
		"host.token": 0o600, "viewer.token": 0o600, "panelist.token": 0o600, "stage.db": 0o600,
		"podium.sock": 0o660 | fs.ModeSocket,
	}
	look := func() {
		t.Helper()
		files, err := os.ReadDir(state)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			info, err := f.Info()
			if mode, known := want[f.Name()]; err != nil || !known || info.Mode() != mode {
				t.Errorf("%s: %v, %v; want %v", f.Name(), info.Mode(), err, mode)
			}
		}
	}
	look()
	stop()
	for _, name := range []string{"host.token", "viewer.token", "panelist.token"} {
		if err := os.Chmod(filepath.Join(state, name), 0o666); err != nil { // as an older version, or a person, left it
			t.Fatal(err)
		}
	}
	panel, _ = demoIn(t, state)
	until(t, panel, "connected", func(s appliance.Status) bool { return s.Connected })
	look()
}
