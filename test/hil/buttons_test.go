//go:build hil

package hil

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"podium/appliance"
	"podium/test/hil/guestapi"
)

// level sets what a button's wire does, in a script: down is ground.
func level(line string, down bool) string {
	pull := map[bool]string{true: "pull-down", false: "pull-up"}[down]
	return fmt.Sprintf("echo %s >/sys/devices/platform/gpio-sim.0/gpiochip*/sim_%s/pull", pull, strings.ToLower(line))
}

// steps gives the podium's last steps.
func (r *rig) steps(t *testing.T) (steps []appliance.TraceStep) {
	t.Helper()
	if err := json.Unmarshal([]byte(r.must(t, "status", "--trace", "--json")), &steps); err != nil {
		t.Fatal(err)
	}
	return steps
}

// lastStep is when the podium's loop took its last step.
func (r *rig) lastStep(t *testing.T) time.Time {
	t.Helper()
	steps := r.steps(t)
	return steps[len(steps)-1].At
}

// presses counts what the loop has taken of a button since a step.
func (r *rig) presses(t *testing.T, button string, since time.Time) (n int) {
	t.Helper()
	for _, s := range r.steps(t) {
		if s.At.After(since) && strings.Contains(s.Event, "press") && strings.Contains(s.Event, button) && !strings.Contains(s.Event, "long") {
			n++
		}
	}
	return n
}

// stepBounce presses a button whose contact bounces, going down and coming up: that is
// one press.
func (r *rig) stepBounce(t *testing.T) {
	before := r.lastStep(t)
	bounce := func(down bool) string {
		var script []string
		for range 4 {
			script = append(script, level(guestapi.LineRequest, down), level(guestapi.LineRequest, !down))
		}
		return strings.Join(append(script, level(guestapi.LineRequest, down)), "; ")
	}
	r.bash(t, bounce(true)+"; sleep 0.3; "+bounce(false))
	r.untilRequested(t)
	r.wait(t, 300*time.Millisecond)
	if n := r.presses(t, "request", before); n != 1 {
		t.Errorf("a press that bounces counts as %d", n)
	}
	r.press(t, guestapi.LineCancel)
	r.untilStatus(t, "cancelled", status.isOff)
}

// stepBothButtons presses one button while the other one is down: each counts.
func (r *rig) stepBothButtons(t *testing.T) {
	before := r.lastStep(t)
	r.bash(t, strings.Join([]string{
		level(guestapi.LineCancel, true), "sleep 0.2", level(guestapi.LineRequest, true), "sleep 0.2",
		level(guestapi.LineCancel, false), "sleep 0.2", level(guestapi.LineRequest, false),
	}, "; "))
	r.untilRequested(t)
	if n, m := r.presses(t, "request", before), r.presses(t, "cancel", before); n != 1 || m != 1 {
		t.Errorf("both at once: request counts %d, cancel %d", n, m)
	}
	before = r.lastStep(t)
	r.bash(t, level(guestapi.LineRequest, true)+"; "+level(guestapi.LineCancel, true)+"; sleep 0.1; "+level(guestapi.LineRequest, false)+"; "+level(guestapi.LineCancel, false))
	// Which of the two was first is for the kernel to say; none is lost, and none counts twice.
	until(t, "both presses", func() ([2]int, error) {
		return [2]int{r.presses(t, "request", before), r.presses(t, "cancel", before)}, nil
	}, func(n [2]int) bool { return n == [2]int{1, 1} })
	r.press(t, guestapi.LineCancel)
	r.untilStatus(t, "cancelled", status.isOff)
}

// stepStuck holds a button down until it counts as stuck; the other one works, and the
// fault is over when it comes up.
func (r *rig) stepStuck(t *testing.T) {
	r.bash(t, level(guestapi.LineCancel, true))
	r.wait(t, 30500*time.Millisecond)
	s := r.untilStatus(t, "the stuck button", func(s status) bool { return s.fault("panel") != "" })
	if !strings.Contains(s.fault("panel"), "cancel is stuck") || s.Lamps.Green != "fault" {
		t.Errorf("a stuck button: %s", s)
	}
	r.press(t, guestapi.LineRequest)
	r.untilRequested(t)
	r.bash(t, level(guestapi.LineCancel, false))
	r.untilStatus(t, "the button that comes up", func(s status) bool { return s.fault("panel") == "" })
	r.press(t, guestapi.LineCancel)
	r.untilStatus(t, "cancelled", status.isOff)
}
