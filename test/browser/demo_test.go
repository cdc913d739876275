package browser

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// startTime is how long the demo may take to print its addresses on a busy machine.
const startTime = 60 * time.Second

// demo is a running `podium demo`.
type demo struct {
	base   string // http://127.0.0.1:PORT
	host   string // tokens
	viewer string
}

var baseURL = regexp.MustCompile(`http://[^\s/]+`)

// startDemo builds the command and runs it as a process of its own until the
// test ends; it must then end cleanly on SIGTERM.
func startDemo(t *testing.T) demo {
	t.Helper()
	dir := t.TempDir()
	binary := filepath.Join(dir, "podium")
	if out, err := exec.Command("go", "build", "-o", binary, "podium/cmd/podium").CombinedOutput(); err != nil {
		t.Fatalf("cannot build podium: %v\n%s", err, out)
	}
	logs, err := os.Create(filepath.Join(outputDir(t), "demo.log"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, binary, "demo", "--listen", "127.0.0.1:0", "--state", dir)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 20 * time.Second
	cmd.Stderr = logs
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := make(chan string)
	go func() {
		defer close(lines)
		for s := bufio.NewScanner(stdout); s.Scan(); {
			lines <- s.Text()
		}
	}()
	t.Cleanup(func() {
		stop()
		for range lines { // the pipe is read to its end before Wait
		}
		if err := cmd.Wait(); err != nil && cmd.ProcessState.ExitCode() != 0 {
			t.Errorf("the demo did not end cleanly on SIGTERM: %v; see %s", err, logs.Name())
		}
		_ = logs.Close()
	})
	base := addressFrom(t, lines, logs.Name())
	return demo{base: base, host: readToken(t, dir, "host.token"), viewer: readToken(t, dir, "viewer.token")}
}

// addressFrom waits for the three page addresses and gives what they begin with.
func addressFrom(t *testing.T, lines <-chan string, logs string) string {
	t.Helper()
	deadline := time.After(startTime)
	base := ""
	for pages := 0; pages < 3; {
		select {
		case line, ok := <-lines:
			if !ok {
				t.Fatalf("the demo ended before it printed its addresses; see %s", logs)
			}
			if found := baseURL.FindString(line); found != "" {
				base = found
				pages++
			}
		case <-deadline:
			t.Fatalf("the demo printed no three addresses within %v; see %s", startTime, logs)
		}
	}
	return base
}

func readToken(t *testing.T, dir, name string) string {
	t.Helper()
	token, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(token))
}
