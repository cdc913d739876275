package kit

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"podium/test/chromium"
)

// shared is what all tests use: the command, and what npm gave.
var shared string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "podium-kit-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	shared = dir
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		_ = os.RemoveAll(dir)
		os.Exit(code)
	}))
}

// command builds podium, once.
var command = sync.OnceValues(func() (string, error) {
	binary := filepath.Join(shared, "podium")
	if out, err := exec.Command("go", "build", "-o", binary, "podium/cmd/podium").CombinedOutput(); err != nil {
		return "", fmt.Errorf("cannot build podium: %w\n%s", err, out)
	}
	return binary, nil
})

// outputDir is where the screenshots stay.
func outputDir(t *testing.T) string {
	t.Helper()
	return chromium.OutputDir(t, "kit")
}
