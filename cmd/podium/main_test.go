package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"podium": main})
}

// TestCommand runs the real command, one script per behaviour.
func TestCommand(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(e *testscript.Env) error {
			for _, name := range []string{socketEnv, serverEnv, tokenFileEnv, fingerprintEnv} {
				e.Setenv(name, "")
			}
			// Scripts bring their files with the umask's rights, and a key that others
			// can read is refused.
			if err := os.Chmod(filepath.Join(e.WorkDir, "key"), 0o600); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
			// A program with the race detector would sleep for a second at its end.
			e.Setenv("GORACE", "atexit_sleep_ms=0")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "until": until, "keep": keep, "port": port, "mode": mode, "line": line},
	})
}

// run runs a command of the script with its environment and folder.
func run(ts *testscript.TestScript, args []string) (stdout, stderr string, code int) {
	var out, errs strings.Builder
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	path, err := exec.LookPath(args[0])
	ts.Check(err)
	c := exec.CommandContext(ctx, path, args[1:]...)
	c.Dir, c.Stdout, c.Stderr = ts.Getenv("WORK"), &out, &errs
	for _, name := range []string{"PATH", "HOME", "WORK", "TMPDIR", "GORACE", socketEnv, serverEnv, tokenFileEnv, fingerprintEnv} {
		if value := ts.Getenv(name); value != "" {
			c.Env = append(c.Env, name+"="+value)
		}
	}
	err = c.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		ts.Fatalf("%v", err)
	}
	return out.String(), errs.String(), c.ProcessState.ExitCode()
}

// exits CODE TEXT COMMAND...: the command ends with the code, and its standard
// error holds TEXT.
func exits(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	_, stderr, code := run(ts, args[2:])
	if code != want || !strings.Contains(stderr, args[1]) {
		ts.Fatalf("%v exits with %d and %q, want %d with %q", args[2:], code, stderr, want, args[1])
	}
}

// until TEXT COMMAND...: the command is repeated until its output holds TEXT.
func until(ts *testscript.TestScript, _ bool, args []string) {
	var stdout, stderr string
	for limit := time.Now().Add(30 * time.Second); time.Now().Before(limit); time.Sleep(20 * time.Millisecond) {
		stdout, stderr, _ = run(ts, args[1:])
		if strings.Contains(stdout, args[0]) {
			return
		}
	}
	ts.Fatalf("%v never said %q; at last %q %q", args[1:], args[0], stdout, stderr)
}

// keep NAME FILE: the first address in the file becomes the environment's NAME, up to its path.
func keep(ts *testscript.TestScript, _ bool, args []string) {
	for _, word := range strings.Fields(ts.ReadFile(args[1])) {
		if rest, ok := strings.CutPrefix(strings.Trim(word, `",`), "http://"); ok {
			host, _, _ := strings.Cut(rest, "/")
			ts.Setenv(args[0], "http://"+host)
			return
		}
	}
	ts.Fatalf("no address in %s", args[1])
}

// port NAME: the environment's NAME becomes a TCP port that is free.
func port(ts *testscript.TestScript, _ bool, args []string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	_, number, err := net.SplitHostPort(l.Addr().String())
	ts.Check(err)
	ts.Check(l.Close())
	ts.Setenv(args[0], number)
}

// mode MODE FILE...: the files have these rights.
func mode(ts *testscript.TestScript, _ bool, args []string) {
	for _, name := range args[1:] {
		info, err := os.Stat(ts.MkAbs(name))
		ts.Check(err)
		if got := fmt.Sprintf("%04o", info.Mode().Perm()); got != args[0] {
			ts.Fatalf("%s has %s, want %s", name, got, args[0])
		}
	}
}

// line NAME FILE: the environment's NAME becomes the file's first line.
func line(ts *testscript.TestScript, _ bool, args []string) {
	text, _, _ := strings.Cut(ts.ReadFile(args[1]), "\n")
	ts.Setenv(args[0], text)
}

func TestHelpHasAnExample(t *testing.T) {
	for _, c := range newRoot().Commands() {
		if c.Short == "" || c.Example == "" {
			t.Errorf("%s has no short help or no example", c.Name())
		}
		for _, sub := range c.Commands() {
			if sub.Short == "" || sub.Example == "" {
				t.Errorf("%s has no short help or no example", sub.CommandPath())
			}
		}
	}
}
