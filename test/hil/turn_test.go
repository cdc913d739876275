//go:build hil

package hil

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"podium/control"
	"podium/test/hil/guestapi"
)

// begin gets the podium on stage and returns when that began: nothing is demanded
// of its media.
func (r *rig) begin(t *testing.T) (from time.Duration) {
	t.Helper()
	from = r.now(t)
	r.press(t, guestapi.LineRequest)
	r.untilStatus(t, "requested", func(s status) bool { return s.Status == "REQUESTED_TO_JOIN_STAGE" })
	r.must(t, "host", "grant", podiumID)
	r.untilStatus(t, "on stage", func(s status) bool { return s.Status == "ON_STAGE" })
	return from
}

// wholeTurn gets the podium on stage and demands picture and sound, with nothing
// out of order. It returns when the turn began, and when the first sound and the
// first picture left.
func (r *rig) wholeTurn(t *testing.T) (from, heard, shown time.Duration) {
	t.Helper()
	from = r.begin(t)
	r.untilStatus(t, "on air with all", func(s status) bool { return s.isOnAir() && s.Media.Width == 320 && len(s.Faults) == 0 })
	until(t, "picture and sound leave", func() (bool, error) {
		packets, err := r.Packets(mediaPort, from)
		return len(kind(packets, "microphone")) > 10 && len(kind(packets, "camera")) > 3, err
	}, func(both bool) bool { return both })
	packets := r.left(t, from)
	return from, kind(packets, "microphone")[0], kind(packets, "camera")[0]
}

// ending is how a turn ended.
type ending struct {
	asked   time.Duration // when the button was pressed or the host asked
	decided time.Duration // when the podium decided to close
	last    time.Duration // the last packet on the wire, before or after that; -1: there was none
}

// end ends the turn by the cancel button or by a host's kick, demands that the
// podium is off stage at once, and watches that no packet leaves any more.
func (r *rig) end(t *testing.T, how string, from time.Duration) (e ending) {
	t.Helper()
	if how == "kick" {
		e.asked = r.now(t)
		r.must(t, "host", "kick", podiumID)
	} else {
		e.asked = r.press(t, guestapi.LineCancel)
	}
	r.untilStatus(t, "off stage", status.isOff)
	answered := r.now(t)
	e.decided = r.decision(t, e.asked)
	if wait := answered - e.asked; wait > 3*time.Second {
		t.Errorf("the podium was off stage only %.1f s after the %s", wait.Seconds(), how)
	}
	e.last = r.lastLeft(t, from)
	if late := e.last - e.decided; late > 20*time.Millisecond {
		t.Errorf("the last packet left %d ms after the decision", late.Milliseconds())
	}
	t.Logf("%s at %.3f s, decided %d ms later, last packet %d ms after that", how, e.asked.Seconds(),
		(e.decided - e.asked).Milliseconds(), (e.last - e.decided).Milliseconds())
	return e
}

// lastLeft is when the last packet left since a moment; -1: none did.
func (r *rig) lastLeft(t *testing.T, from time.Duration) time.Duration {
	t.Helper()
	packets := r.left(t, from)
	if len(packets) == 0 {
		return -1
	}
	return packets[len(packets)-1].At
}

// clocksApart is how much the podium's clock may seem to be behind the agent's: the
// two are compared by way of the wall clock.
const clocksApart = 10 * time.Millisecond

// decision is when the podium's loop closed the gate, by its own trace.
func (r *rig) decision(t *testing.T, after time.Duration) time.Duration {
	t.Helper()
	var steps []struct {
		At      time.Time
		Event   string
		Effects []string
	}
	text := got[[]byte](t)(r.Ask("/run/podium/podium.sock", control.TracePath))
	if err := json.Unmarshal(text, &steps); err != nil {
		t.Fatalf("trace %s: %v", text, err)
	}
	// The trace's times are the wall clock's, which jumps in some rows: the latest
	// closing is the one, and it is not long ago.
	moment := got[guestapi.Moment](t)(r.Now())
	for _, step := range slices.Backward(steps) {
		if len(step.Effects) > 0 && strings.HasPrefix(step.Effects[0], "close gate") {
			if at := moment.At - moment.Wall.Sub(step.At); at >= after-clocksApart {
				return at
			}
			break
		}
	}
	t.Fatalf("no step since %.3f s closed the gate: %s", after.Seconds(), text)
	return 0
}

// quiet demands that nothing has left since a moment, and that nobody has camera
// or microphone open.
func (r *rig) quiet(t *testing.T, since time.Duration, when string) {
	t.Helper()
	if packets := r.left(t, since); len(packets) > 0 {
		t.Errorf("%s: %d packets left", when, len(packets))
	}
	if h := got[[]guestapi.Holder](t)(r.mediaHolders()); len(h) != 0 {
		t.Errorf("%s: held although nobody is on stage: %+v", when, h)
	}
}

// wait waits for a time of the machine's.
func (r *rig) wait(t *testing.T, d time.Duration) {
	t.Helper()
	if err := r.Wait(d); err != nil {
		t.Fatal(err)
	}
}

// bash runs a script in the machine and demands success.
func (r *rig) bash(t *testing.T, script string) string {
	t.Helper()
	out, err := r.Run(guestapi.Command{Args: []string{"bash", "-c", script}})
	if err != nil || out.Exit != 0 {
		t.Fatalf("%s: exit %d: %s %v", script, out.Exit, out.Stderr, err)
	}
	return out.Stdout
}
