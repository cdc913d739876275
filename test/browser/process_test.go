package browser

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sync"
	"syscall"
	"testing"
)

// podium builds the command once for all tests of this package.
var podium = sync.OnceValues(func() (string, error) {
	file := filepath.Join(scratch, "podium")
	if out, err := exec.Command("go", "build", "-o", file, "podium/cmd/podium").CombinedOutput(); err != nil {
		return "", fmt.Errorf("cannot build podium: %w\n%s", err, out)
	}
	return file, nil
})

// startProcess runs the command until the test ends, when it must end cleanly on
// SIGTERM. Its log goes to a file, whose name is given, and to the listener, if
// there is one. lines are those of its standard output.
func startProcess(t *testing.T, name string, listener io.Writer, args ...string) (lines <-chan string, logs string) {
	t.Helper()
	file, err := podium()
	if err != nil {
		t.Fatal(err)
	}
	log, err := os.Create(filepath.Join(outputDir(t), name+".log"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, file, args...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = startTime
	cmd.Stderr = log
	if listener != nil {
		cmd.Stderr = io.MultiWriter(log, listener)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	out := linesOf(stdout)
	t.Cleanup(func() {
		stop()
		for range out { // the pipe is read to its end before Wait
		}
		if err := cmd.Wait(); err != nil && cmd.ProcessState.ExitCode() != 0 {
			t.Errorf("podium %s did not end cleanly on SIGTERM: %v; see %s", args[0], err, log.Name())
		}
		_ = log.Close()
	})
	return out, log.Name()
}

func linesOf(r io.Reader) <-chan string {
	lines := make(chan string)
	go func() {
		defer close(lines)
		for s := bufio.NewScanner(r); s.Scan(); {
			lines <- s.Text()
		}
	}()
	return lines
}

// finder waits in what is written to it for the first match of a pattern.
type finder struct {
	pattern *regexp.Regexp
	found   chan string // its first group; has room for one
	seen    []byte
	done    bool
}

// Write never fails.
func (f *finder) Write(p []byte) (int, error) {
	if f.done {
		return len(p), nil
	}
	f.seen = append(f.seen, p...)
	if match := f.pattern.FindSubmatch(f.seen); match != nil {
		f.found <- string(match[1])
		f.done = true
	}
	return len(p), nil
}
