//go:build hil

package hil

import (
	"strings"
	"syscall"
	"testing"

	"podium/test/hil/guestapi"
)

func (r *rig) stepCancel(t *testing.T) {
	from := r.now(t)
	r.press(t, guestapi.LineRequest)
	r.untilRequested(t)
	r.grant(t)
	r.redTellsTheTruth(t, from)
	pressed := r.press(t, guestapi.LineCancel)
	s := r.untilStatus(t, "cancelled", status.isOff)
	if s.Reason != "left" {
		t.Errorf("reason %q, want left", s.Reason)
	}
	r.offAir(t, pressed)
	left := r.silence(t, from)
	t.Logf("cancel pressed at %.3f s, last packet on the wire at %.3f s", pressed.Seconds(), left.last.Seconds())
	r.checkHistory(t, "status")
}

func (r *rig) stepBusyLine(t *testing.T) {
	r.changeConfig(t, "/etc/podium/second.yaml", "/run/podium/podium.sock", "/run/second.sock")
	r.start(t, "second", "run", "/etc/podium/second.yaml")
	ask := func() (guestapi.Process, error) { return r.Process("second") }
	p := until(t, "a second daemon that waits for the lines", ask, func(p guestapi.Process) bool {
		return logged(p.Output, "GPIO", "podium@", "holds it")
	})
	t.Logf("a second daemon: %s", p)
	r.terminate(t, "second")
	if s := got[status](t)(r.status()); !s.isOff() {
		t.Errorf("the first daemon was disturbed: %s", s)
	}
}

// stepHeldLine has another program hold a line of the panel, a lamp's and then a
// button's, and let it go.
func (r *rig) stepHeldLine(t *testing.T) {
	for _, line := range []string{guestapi.LineRed, guestapi.LineRequest} {
		t.Run(line, func(t *testing.T) { r.heldLine(t, line) })
	}
}

func (r *rig) heldLine(t *testing.T, line string) {
	holder, podium := "holder of "+line, "waiting for "+line
	if _, err := r.Machine.Start(holder, "bash", "-c", "exec gpioset --mode=signal $(gpiofind "+line+")=0"); err != nil {
		t.Fatal(err)
	}
	until(t, "the line is held", func() (string, error) { return r.bash(t, "gpioinfo"), nil }, func(text string) bool { return logged(text, line, "gpioset") })
	r.start(t, podium, "run", "/etc/podium/podium.yaml")
	s := r.untilStatus(t, "a podium without its panel", func(s status) bool { return s.Connected && s.fault("lamps") != "" })
	if text := s.fault("lamps"); !strings.Contains(text, line) || !strings.Contains(text, "gpioset") {
		t.Errorf("the fault does not say who holds the line: %s", text)
	}
	r.must(t, "press", "request")
	r.untilStatus(t, "a press that is refused", func(s status) bool { return s.Status == "OFF_STAGE" && s.Lamps.Green == "refused" })
	freed := r.now(t)
	if err := r.Signal(holder, int(syscall.SIGTERM)); err != nil {
		t.Fatal(err)
	}
	r.untilStatus(t, "the panel", func(s status) bool { return s.isOff() && s.fault("lamps") == "" })
	t.Logf("the panel was back %.1f s after the line was free", (r.now(t) - freed).Seconds())
	r.press(t, guestapi.LineRequest)
	r.untilRequested(t)
	r.press(t, guestapi.LineCancel)
	r.untilStatus(t, "cancelled", status.isOff)
	r.terminate(t, podium)
}

func (r *rig) changeConfig(t *testing.T, name, from, to string) {
	t.Helper()
	text := got[[]byte](t)(r.ReadFile("/etc/podium/podium.yaml"))
	if err := r.WriteFile(name, 0o644, []byte(strings.ReplaceAll(string(text), from, to))); err != nil {
		t.Fatal(err)
	}
}

func (r *rig) stepTerminate(t *testing.T) {
	from := r.now(t)
	r.press(t, guestapi.LineRequest)
	r.untilRequested(t)
	r.grant(t)
	r.terminate(t, "podium")
	r.nobodyHolds(t)
	r.linesFree(t)
	for line, high := range got[guestapi.Lamps](t)(r.Lamps()).Level {
		if high {
			t.Errorf("lamp %s is high after the daemon's end", line)
		}
	}
	r.silence(t, from)
	r.checkHistory(t, "status")
	if out := r.podium(t, "status"); out.Exit != 4 {
		t.Errorf("status without a daemon: exit %d, %s", out.Exit, out.Stderr)
	}
}

// terminate ends a process as a service is ended and demands success of it.
func (r *rig) terminate(t *testing.T, name string) {
	t.Helper()
	if err := r.Signal(name, int(syscall.SIGTERM)); err != nil {
		t.Fatal(err)
	}
	ask := func() (guestapi.Process, error) { return r.Process(name) }
	p := until(t, "the end of "+name, ask, func(p guestapi.Process) bool { return !p.Running })
	if p.Exit != 0 {
		t.Errorf("%s: exit %d after SIGTERM; it wrote\n%s", name, p.Exit, p.Output)
	}
}

func (r *rig) stepMissingCamera(t *testing.T) {
	r.changeConfig(t, "/etc/podium/nocamera.yaml", "/dev/video0", "/dev/video9")
	from := r.now(t)
	r.start(t, "nocamera", "run", "/etc/podium/nocamera.yaml")
	r.untilStatus(t, "off stage without a camera", status.isOff)
	r.press(t, guestapi.LineRequest)
	r.untilRequested(t)
	r.must(t, "host", "grant", podiumID)
	r.untilStatus(t, "fault", func(s status) bool {
		return len(s.Faults) > 0 && strings.Contains(s.Faults[0].Text, "/dev/video9")
	})
	r.must(t, "host", "kick", podiumID)
	r.untilStatus(t, "kicked", func(s status) bool { return s.Status == "OFF_STAGE" })
	r.untilReleased(t)
	t.Logf("%d packets left without a camera", r.leavingSince(t, from).packets)
	r.terminate(t, "nocamera")
}

func (r *rig) stepStageEnds(t *testing.T) {
	r.terminate(t, "stage")
	if out := r.podium(t, "host", "participants"); out.Exit != 4 {
		t.Errorf("host without a stage: exit %d, %s", out.Exit, out.Stderr)
	}
}
