package main

import (
	"strings"
	"testing"

	"go.uber.org/goleak"

	"podium/test/hil/guestapi"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestRunTellsHowItEnded(t *testing.T) {
	g := &Guest{clock: startClock()}
	for _, row := range []struct {
		script         string
		exit           int
		stdout, stderr string
	}{
		{"cat; echo x >&2", 0, "in", "x\n"},
		{"exit 5", 5, "", ""},
		{"kill -9 $$", -1, "", "(signal: killed)"},
	} {
		var out guestapi.Outcome
		err := g.Run(guestapi.Command{Args: []string{"sh", "-c", row.script}, Stdin: "in"}, &out)
		if err != nil || out.Exit != row.exit || out.Stdout != row.stdout || out.Stderr != row.stderr {
			t.Errorf("%s: %+v, %v", row.script, out, err)
		}
	}
	var out guestapi.Outcome
	if err := g.Run(guestapi.Command{Args: []string{"no-such-program"}}, &out); err != nil || out.Exit != -1 || !strings.Contains(out.Stderr, "no-such-program") {
		t.Errorf("a missing program: %+v, %v", out, err)
	}
	if err := g.Run(guestapi.Command{}, &out); err == nil {
		t.Error("ran nothing")
	}
}

func TestNamedProcess(t *testing.T) {
	g := &Guest{clock: startClock()}
	start := guestapi.Start{Name: "cat", Command: guestapi.Command{Args: []string{"sleep", "600"}}}
	var pid int
	if err := g.Start(start, &pid); err != nil {
		t.Fatal(err)
	}
	if err := g.Start(start, &pid); err == nil {
		t.Error("the same name was started twice")
	}
	var p guestapi.Process
	if err := g.Process("cat", &p); err != nil || !p.Running || p.PID != pid {
		t.Errorf("%+v, %v", p, err)
	}
	g.processes.killAll()
	if err := g.Process("cat", &p); err != nil || p.Running || p.Exit != -1 || p.Ended == 0 {
		t.Errorf("after the end: %+v, %v", p, err)
	}
	if err := g.Start(start, &pid); err != nil {
		t.Errorf("a name cannot be used again: %v", err)
	}
	g.processes.killAll()
	if err := g.Signal(guestapi.Signal{Name: "dog"}, nil); err == nil {
		t.Error("signalled a process that nobody started")
	}
}

func TestHeaderKnowsItsLines(t *testing.T) {
	h := &header{"/sys/lines"}
	if file, err := h.file("GPIO17", "pull"); err != nil || file != "/sys/lines/sim_gpio17/pull" {
		t.Errorf("%q, %v", file, err)
	}
	for _, line := range []string{"GPIO54", "GPIO-1", "LED", ""} {
		if _, err := h.file(line, "pull"); err == nil {
			t.Errorf("line %q was found", line)
		}
	}
}
