//go:build hil

package hil

import (
	"strings"
	"syscall"
	"testing"
	"time"

	"podium/test/hil/guestapi"
)

// The service manager that the agent plays.
const (
	notifySocket = "/run/notify"
	watchdog     = 2 * time.Second
)

func (r *rig) signal(t *testing.T, number syscall.Signal) (at time.Duration) {
	t.Helper()
	at = r.now(t)
	if err := r.Signal("podium", int(number)); err != nil {
		t.Fatal(err)
	}
	return at
}

func (r *rig) ended(t *testing.T) guestapi.Process {
	t.Helper()
	return until(t, "the podium's end", func() (guestapi.Process, error) { return r.Process("podium") },
		func(p guestapi.Process) bool { return !p.Running })
}

// killed is SIGKILL on stage, and again as the podium comes back.
func (r *rig) killed(t *testing.T) {
	row := faultRow{Fault: "SIGKILL", Again: "SIGKILL as it comes back", End: "SIGKILL"}
	from, _, _ := r.wholeTurn(t)
	r.signal(t, syscall.SIGKILL)
	first := r.ended(t)
	e := ending{asked: first.Ended, decided: first.Ended, last: r.lastLeft(t, from)}
	if late := e.last - e.decided; late > 20*time.Millisecond {
		t.Errorf("the last packet left %d ms after the process had ended", late.Milliseconds())
	}
	row.ended(e)
	red := got[guestapi.Lamps](t)(r.Lamps()).Level[guestapi.LineRed]
	row.Lamp = map[bool]string{false: "dark: gpio-sim takes a line back that nobody holds", true: "stays lit: nobody holds the line"}[red]
	r.untilReleased(t)
	row.Closed = "with the process"
	r.start(t, "podium", "run", "/etc/podium/podium.yaml")
	r.untilStatus(t, "back", func(s status) bool { return s.Connected })
	r.signal(t, syscall.SIGKILL)
	r.ended(t)
	r.startPodium(t)
	r.wait(t, time.Second)
	r.quiet(t, e.last+1, "after the restarts")
	s := got[status](t)(r.status())
	row.Status, row.Says = s.Status, s.Reason
	if red := r.redSpans(t, first.Ended+lampLate); red[len(red)-1].high || len(red) > 2 {
		t.Errorf("the red line after the end: %+v", red)
	}
	r.backInNextTurn(t, &row)
}

// backInNextTurn demands a whole turn and completes the row with it.
func (r *rig) backInNextTurn(t *testing.T, row *faultRow) {
	t.Helper()
	began, heard, shown := r.wholeTurn(t)
	row.Back = since(began, heard, shown)
	r.end(t, "cancel", began)
	r.untilReleased(t)
	r.record(*row)
}

// stopped is SIGSTOP for longer than the lease, and again at once.
func (r *rig) stopped(t *testing.T) {
	row := faultRow{Fault: "SIGSTOP for 10 s, SIGCONT", Again: "SIGSTOP for 3 s at once", End: "the permit's end"}
	from, _, _ := r.wholeTurn(t)
	pings := r.pings(t)
	stop := r.signal(t, syscall.SIGSTOP)
	r.wait(t, 10*time.Second)
	e := ending{asked: stop, decided: stop, last: r.lastLeft(t, from)}
	if told := r.pings(t) - pings; told > 1 {
		t.Errorf("%d pings of a process that is stopped", told)
	}
	if got[guestapi.Lamps](t)(r.Lamps()).Level[guestapi.LineRed] {
		row.Lamp = "stays as it was while stopped: it takes the watchdog to put it out; right at once after SIGCONT"
	}
	r.signal(t, syscall.SIGCONT)
	r.signal(t, syscall.SIGSTOP)
	r.wait(t, 3*time.Second)
	woken := r.signal(t, syscall.SIGCONT)
	s := r.untilStatus(t, "off stage", status.isOff)
	row.Status, row.Says = s.Status, s.Reason
	r.wait(t, time.Second)
	r.quiet(t, stop+20*time.Millisecond, "after the stop")
	if red := r.redSpans(t, woken+lampLate); red[0].high || len(red) != 1 {
		t.Errorf("the red line after SIGCONT: %+v", red)
	}
	row.ended(e)
	row.Closed = "at once after SIGCONT"
	r.backInNextTurn(t, &row)
}

// terminated is SIGTERM on stage, twice.
func (r *rig) terminated(t *testing.T) {
	row := faultRow{Fault: "SIGTERM", Again: "SIGTERM again at once", End: "SIGTERM", Lamp: "dark"}
	from, _, _ := r.wholeTurn(t)
	term := r.signal(t, syscall.SIGTERM)
	// The second may find nobody any more.
	_ = r.Signal("podium", int(syscall.SIGTERM))
	p := r.ended(t)
	e := ending{asked: term, last: r.lastLeft(t, from)}
	e.decided = term
	row.ended(e)
	if p.Exit != 0 && p.Exit != -1 {
		t.Errorf("exit %d; it wrote\n%s", p.Exit, p.Output)
	}
	told := r.notice(t, "STOPPING=1", term)
	if told.At < e.last {
		t.Errorf("STOPPING=1 at %s, before the last packet at %s", told.At, e.last)
	}
	if told.At-term > time.Second {
		t.Errorf("STOPPING=1 only %s after SIGTERM", told.At-term)
	}
	t.Logf("SIGTERM, STOPPING=1 %d ms and the end %d ms later, exit %d", (told.At - term).Milliseconds(), (p.Ended - term).Milliseconds(), p.Exit)
	row.truth(r.redIsTrue(t, from))
	if got[guestapi.Lamps](t)(r.Lamps()).Level[guestapi.LineRed] {
		t.Error("the red line is high after the end")
	}
	r.untilReleased(t)
	r.linesFree(t)
	row.Closed = seconds(p.Ended - term)
	r.startPodium(t)
	row.Status = got[status](t)(r.status()).Status
	r.backInNextTurn(t, &row)
}

// watched is a podium with a service manager: it says that it is ready once it
// drives its lamps, and then that it lives, on and off stage.
func (r *rig) watched(t *testing.T) {
	r.terminate(t, "podium")
	begun := r.now(t)
	r.startPodium(t)
	ready := r.notice(t, "READY=1", begun)
	if ready.Driven != guestapi.LineRed+" "+guestapi.LineGreen {
		t.Errorf("ready with %q driven, want both lamps", ready.Driven)
	}
	r.wait(t, 2*watchdog)
	from, _, _ := r.wholeTurn(t)
	r.wait(t, watchdog)
	r.end(t, "cancel", from)
	var last, hole time.Duration
	n := 0
	for _, notice := range got[[]guestapi.Notice](t)(r.Notices()) {
		if strings.Contains(notice.Text, "WATCHDOG=1") && notice.At > begun {
			if n++; n > 1 {
				hole = max(hole, notice.At-last)
			}
			last = notice.At
		}
	}
	t.Logf("READY=1 %d ms after the start; %d times WATCHDOG=1, at most %d ms apart", (ready.At - begun).Milliseconds(), n, hole.Milliseconds())
	if n < 3 || hole > watchdog/2 {
		t.Errorf("%d pings, at most %s apart, for a watchdog of %s", n, hole, watchdog)
	}
}

// pings counts what the podium has said to its watchdog.
func (r *rig) pings(t *testing.T) (n int) {
	t.Helper()
	for _, notice := range got[[]guestapi.Notice](t)(r.Notices()) {
		if strings.Contains(notice.Text, "WATCHDOG=1") {
			n++
		}
	}
	return n
}

// notice waits for a word to the service manager.
func (r *rig) notice(t *testing.T, word string, after time.Duration) (found guestapi.Notice) {
	t.Helper()
	until(t, word, r.Notices, func(all []guestapi.Notice) bool {
		for _, n := range all {
			if n.At >= after && strings.Contains(n.Text, word) {
				found = n
				return true
			}
		}
		return false
	})
	return found
}
