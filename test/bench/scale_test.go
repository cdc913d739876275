package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestMain lets the test's own program be the load process, as the bench is.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "-crowd" {
		main()
		return
	}
	os.Exit(m.Run())
}

// TestScale takes the measurement of the full hall with a small one, so that it
// can be relied on to work; the times count for nothing here.
func TestScale(t *testing.T) {
	binary := filepath.Join(t.TempDir(), "podium")
	if out, err := exec.Command("go", "build", "-buildvcs=false", "-o", binary, "podium/cmd/podium").CombinedOutput(); err != nil {
		t.Fatalf("cannot build the command: %v\n%s", err, out)
	}
	h := &hall{podiums: 100, viewers: 500, presses: 20, rate: 20, lost: 6 * time.Second}
	defer h.stop()
	figures, err := h.measure(t.Context(), binary, time.Second)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range figures {
		t.Logf("%s: %s (%s)", f.Name, f.Value, f.How)
		if f.Value == "" || strings.Contains(f.Value, "nothing measured") {
			t.Errorf("%s was not measured", f.Name)
		}
	}
	if len(figures) != 8 {
		t.Errorf("%d figures, want 8", len(figures))
	}
}
