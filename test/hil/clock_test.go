//go:build hil

package hil

import (
	"fmt"
	"slices"
	"syscall"
	"testing"
	"time"

	"podium/test/hil/guestapi"
)

// lease is the server's, and sleepSlack what falling asleep and waking up take.
const (
	lease      = 5 * time.Second
	sleepSlack = time.Second
)

// asleep puts the machine to sleep, and demands that its clock stood still.
func (r *rig) asleep(t *testing.T, d time.Duration) guestapi.Slept {
	t.Helper()
	s := got[guestapi.Slept](t)(r.Sleep(d))
	slept, counted := s.To.At-s.From.At, s.To.Monotonic-s.From.Monotonic
	t.Logf("asleep for %.2f s, of which CLOCK_MONOTONIC has %.2f s", slept.Seconds(), counted.Seconds())
	if slept < d-sleepSlack || counted > slept/2 {
		t.Errorf("that was no sleep: %+v", s)
	}
	return s
}

// sleptShort is the machine's sleep on stage for less than the lease, twice.
func (r *rig) sleptShort(t *testing.T) {
	row := faultRow{Fault: "the machine sleeps for 3 s", Again: "sleeps for 3 s again", End: "cancel"}
	from, _, _ := r.wholeTurn(t)
	awake := from
	for range 2 {
		r.redIsTrue(t, awake) // before the sleep, in which a line stays as it is
		s := r.asleep(t, 3*time.Second)
		r.redFalls(t, s.To.At)
		awake = s.To.At + lampLate
		r.untilStatus(t, "on air again", func(s status) bool { return s.Status == "ON_STAGE" && s.OnAir })
		heard := until(t, "the sound again", func() ([]time.Duration, error) {
			packets, err := r.Packets(mediaPort, s.To.At)
			return kind(packets, "microphone"), err
		}, func(at []time.Duration) bool { return len(at) > 0 })
		row.Back = fmt.Sprintf("%.1f s after waking", (heard[0] - s.To.At).Seconds())
	}
	state := got[status](t)(r.status())
	row.Status, row.Lamp = state.Status, asleepLamp
	e := r.end(t, "cancel", from)
	row.ended(e)
	row.truth(r.redIsTrue(t, awake))
	r.untilReleased(t)
	row.Closed = seconds(r.now(t) - e.asked)
	r.record(row)
}

// asleepLamp is what the lamp of a machine that sleeps does: nobody is there to
// put it out.
const asleepLamp = "stays as it was in the sleep; right as it wakes"

// redFalls demands that the red lamp is put out as the machine wakes, before
// anything else.
func (r *rig) redFalls(t *testing.T, woken time.Duration) {
	t.Helper()
	lamps := until(t, "the red line falls", r.Lamps, func(l guestapi.Lamps) bool {
		return !l.Level[guestapi.LineRed] || slices.ContainsFunc(l.Changes, func(c guestapi.LampChange) bool { return c.At >= woken && !c.High })
	})
	for _, c := range lamps.Changes {
		if c.Line == guestapi.LineRed && !c.High && c.At >= woken {
			t.Logf("the red line fell %d ms after waking", (c.At - woken).Milliseconds())
			if c.At-woken > lampLate+slow {
				t.Errorf("the red line fell %s after waking", c.At-woken)
			}
			return
		}
	}
}

// sleptLong is the machine's sleep on stage for longer than the lease, twice.
func (r *rig) sleptLong(t *testing.T) {
	row := faultRow{Fault: "the machine sleeps for 6 s, the lease is 5 s", Again: "sleeps for 6 s again as it wakes", End: "the permit's end"}
	from, _, _ := r.wholeTurn(t)
	r.redIsTrue(t, from)
	first := r.asleep(t, lease+time.Second)
	second := r.asleep(t, lease+time.Second)
	r.redFalls(t, second.To.At)
	row.truth(r.redIsTrue(t, second.To.At+lampLate))
	s := r.untilStatus(t, "off stage", status.isOff)
	row.Status, row.Says, row.Lamp = s.Status, s.Reason, asleepLamp
	r.wait(t, time.Second)
	e := ending{asked: first.From.At, decided: first.From.At, last: r.lastLeft(t, from)}
	if late := e.last - first.From.At; late > sleepSlack {
		t.Errorf("a packet left %s after the machine fell asleep", late)
	}
	row.ended(e)
	r.quiet(t, first.From.At+sleepSlack, "after the sleep")
	row.Closed = "as it wakes"
	r.backInNextTurn(t, &row)
}

const year = 365 * 24 * time.Hour

// setClock moves the machine's wall clock.
func (r *rig) setClock(t *testing.T, by time.Duration) {
	t.Helper()
	if err := r.MoveClock(by); err != nil {
		t.Fatal(err)
	}
}

// clockOnStage is a wall clock that jumps on stage, to and fro: the turn goes on.
func (r *rig) clockOnStage(t *testing.T) {
	row := faultRow{Fault: "the wall clock jumps 2 years ahead on stage", Again: "4 years back, and 2 ahead", End: "cancel"}
	from, _, _ := r.wholeTurn(t)
	for _, by := range []time.Duration{2 * year, -4 * year, 2 * year} {
		jumped := r.now(t)
		r.setClock(t, by)
		r.wait(t, 1500*time.Millisecond)
		s := got[status](t)(r.status())
		row.Status, row.Lamp = s.Status, "red "+s.Lamps.Red
		if !s.isOnAir() {
			t.Errorf("after a jump by %s: %s", by, s)
		}
		hole := longest(kind(r.left(t, jumped), "microphone"), jumped, r.now(t))
		row.Back = fmt.Sprintf("not missed: no hole of more than %d ms", hole.Milliseconds())
		if hole > 500*time.Millisecond {
			t.Errorf("a hole of %s after a jump by %s", hole, by)
		}
	}
	e := r.end(t, "cancel", from)
	row.ended(e)
	row.truth(r.redIsTrue(t, from))
	r.untilReleased(t)
	row.Closed = seconds(r.now(t) - e.asked)
	r.record(row)
}

// clockOfLease is a wall clock that jumps while the lease runs out: it is neither
// longer nor shorter.
func (r *rig) clockOfLease(t *testing.T, name string, by time.Duration) {
	row := faultRow{Fault: "the stage is stopped", Again: "the wall clock jumps " + name, End: "the lease's end"}
	from, _, _ := r.wholeTurn(t)
	stop := r.now(t)
	if err := r.Signal("stage", int(syscall.SIGSTOP)); err != nil {
		t.Fatal(err)
	}
	r.setClock(t, by)
	s := r.untilStatus(t, "off air", func(s status) bool { return !s.OnAir })
	row.Lamp = "red " + s.Lamps.Red
	last := r.lastLeft(t, from)
	t.Logf("the last packet left %.2f s after the stage fell silent", (last - stop).Seconds())
	// It was heard a third of a lease before at the earliest.
	if after := last - stop; after < lease*2/3-slow || after > lease+slow {
		t.Errorf("the lease lasted %s with a clock that jumps %s", after, name)
	}
	row.Says = fmt.Sprintf("silent %.1f s after the stage", (last - stop).Seconds())
	row.ended(ending{decided: r.decision(t, stop), last: last})
	row.truth(r.redIsTrue(t, from))
	r.setClock(t, -by)
	if err := r.Signal("stage", int(syscall.SIGCONT)); err != nil {
		t.Fatal(err)
	}
	row.Status = r.untilStatus(t, "off stage", status.isOff).Status
	r.untilReleased(t)
	row.Closed = seconds(r.now(t) - last)
	r.backInNextTurn(t, &row)
}

// clockWaiting is a wall clock that jumps while the speaker waits, and off stage.
func (r *rig) clockWaiting(t *testing.T) {
	row := faultRow{Fault: "the wall clock jumps 2 years ahead while the speaker waits", Again: "4 years back, and 2 ahead after the turn", End: "cancel"}
	began := r.press(t, guestapi.LineRequest)
	r.untilStatus(t, "requested", func(s status) bool { return s.Status == "REQUESTED_TO_JOIN_STAGE" })
	r.setClock(t, 2*year)
	r.wait(t, lease+time.Second)
	s := got[status](t)(r.status())
	if s.Position != 1 || !s.Connected {
		t.Errorf("after the jump: %s", s)
	}
	row.Status, row.Lamp = s.Status, "red "+s.Lamps.Red
	r.quiet(t, began, "while it waits")
	r.must(t, "host", "grant", podiumID)
	r.untilStatus(t, "on air", status.isOnAir)
	e := r.end(t, "cancel", began)
	row.ended(e)
	row.truth(r.redIsTrue(t, began))
	r.untilReleased(t)
	row.Closed = seconds(r.now(t) - e.asked)
	r.setClock(t, -4*year)
	r.wait(t, lease+time.Second)
	if s := got[status](t)(r.status()); !s.isOff() {
		t.Errorf("after the second jump: %s", s)
	}
	r.setClock(t, 2*year)
	r.backInNextTurn(t, &row)
}

// clockAtStart is a podium that starts under a clock that is wrong: two years
// ahead its token still holds; two years back it is from the future, and refused.
func (r *rig) clockAtStart(t *testing.T) {
	row := faultRow{Fault: "the podium starts with the clock 2 years ahead", Again: "and with the clock 2 years behind", End: "cancel"}
	r.terminate(t, "podium")
	r.setClock(t, -2*year)
	behind := r.now(t)
	r.start(t, "podium", "run", "/etc/podium/podium.yaml")
	s := r.untilStatus(t, "refused", func(s status) bool { return s.fault("server") != "" })
	row.Says, row.Status, row.Lamp = s.fault("server"), s.Status, "red "+s.Lamps.Red
	r.wait(t, time.Second)
	r.quiet(t, behind, "with a clock that is behind")
	r.terminate(t, "podium")
	r.setClock(t, 4*year)
	r.startPodium(t)
	from, heard, shown := r.wholeTurn(t)
	row.Back = since(from, heard, shown)
	e := r.end(t, "cancel", from)
	row.ended(e)
	row.truth(r.redIsTrue(t, from))
	r.untilReleased(t)
	row.Closed = seconds(r.now(t) - e.asked)
	r.setClock(t, -2*year)
	r.record(row)
}
