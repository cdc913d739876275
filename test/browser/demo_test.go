package browser

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// startTime is how long the demo may take to print its addresses on a busy machine.
const startTime = 60 * time.Second

// demo is a running `podium demo`.
type demo struct {
	base   string // http://127.0.0.1:PORT
	state  string // the folder with its tokens
	host   string // tokens
	viewer string
}

var baseURL = regexp.MustCompile(`http://[^\s/]+`)

// startDemo runs the demo as a process of its own until the test ends; it must
// then end cleanly on SIGTERM.
func startDemo(t *testing.T) demo {
	t.Helper()
	dir := t.TempDir()
	stdout, logs := startProcess(t, "demo", nil, "demo", "--listen", "127.0.0.1:0", "--state", dir)
	base := addressFrom(t, stdout, logs)
	d := demo{base: base, state: dir}
	d.host, d.viewer = readToken(t, dir, "host.token"), readToken(t, dir, "viewer.token")
	return d
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
