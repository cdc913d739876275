package appliance

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// life notes what the loop tells of itself.
type life struct {
	mu    sync.Mutex
	every time.Duration
	told  []string
	last  time.Time
}

func (l *life) say(what string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last = time.Now()
	if what != "alive" {
		l.told = append(l.told, what)
	}
}

func (l *life) Ready()               { l.say("ready") }
func (l *life) Alive()               { l.say("alive") }
func (l *life) Every() time.Duration { return l.every }
func (l *life) Stopping()            { l.say("stopping") }

func (l *life) silent() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return time.Since(l.last)
}

// TestTheLoopKeepsItsPermitFresh: while a turn is on, media may leave for less
// than the permit's length at any moment, and never past the lease.
func TestTheLoopKeepsItsPermitFresh(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOutside()
		stop := o.run(t)
		o.onStage(t)
		heard := time.Now()
		for range 100 {
			time.Sleep(50 * time.Millisecond)
			synctest.Wait()
			left, lease := o.permit(), time.Until(heard.Add(5*time.Second))
			if least := min(permitLength-beat, lease); left < least || left > permitLength || left > lease {
				t.Fatalf("%s after the last word of the server media may leave for %s", time.Since(heard), left)
			}
		}
		stop()
	})
}

// TestALoopThatHangs: nobody feeds the watchdog any more, and the permit runs out.
func TestALoopThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o, l := newOutside(), &life{every: time.Second}
		o.podium.cfg.Life = l
		stop := o.run(t)
		o.onStage(t)
		time.Sleep(3500 * time.Millisecond)
		if l.silent() > time.Second || o.permit() < time.Second {
			t.Fatalf("a loop that lives was silent for %s, its permit lasts %s", l.silent(), o.permit())
		}
		o.blocked = make(chan struct{})
		o.tell(t, Identify{For: time.Second})
		hung := time.Now()
		time.Sleep(permitLength)
		if o.permit() > 0 {
			t.Errorf("%s after the loop hung media may leave for %s", permitLength, o.permit())
		}
		time.Sleep(time.Minute)
		if l.silent() < time.Since(hung) {
			t.Errorf("a loop that hung for %s said that it lives", time.Since(hung))
		}
		close(o.blocked)
		stop()
	})
}

// TestTheLoopTellsOfItsLife: an idle one too, and that it stops only when the gate
// is closed.
func TestTheLoopTellsOfItsLife(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o, l := newOutside(), &life{every: time.Second}
		o.podium.cfg.Life = l
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- o.podium.Run(ctx) }()
		for range 20 {
			time.Sleep(700 * time.Millisecond)
			synctest.Wait()
			if l.silent() > time.Second {
				t.Fatalf("silent for %s", l.silent())
			}
		}
		wantNotes(t, l.told, "ready")
		wantNotes(t, o.take(), "red off, green blip")
		cancel()
		<-ended
		wantNotes(t, l.told, "ready", "stopping")
		wantNotes(t, o.take(), "red off, green off", "close")
	})
}

// TestASleepingMachineIsSilent: the clock of the lease goes on in its sleep, though
// no timer does, and what is heard first after it is too late.
func TestASleepingMachineIsSilent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var slept atomic.Int64
		o := newOutside()
		o.podium.cfg.Now = func() time.Time { return time.Now().Add(time.Duration(slept.Load())) }
		stop := o.run(t)
		o.onStage(t)
		slept.Store(int64(time.Hour))
		if o.permit() > 0 {
			t.Errorf("after an hour of sleep media may leave for %s", o.permit())
		}
		o.tell(t, Heard{})
		wantNotes(t, o.take(), "close", "call stage.leave", "red off, green refused")
		stop()
	})
	synctest.Test(t, func(t *testing.T) { // nothing is heard
		var slept atomic.Int64
		o := newOutside()
		o.podium.cfg.Now = func() time.Time { return time.Now().Add(time.Duration(slept.Load())) }
		stop := o.run(t)
		o.onStage(t)
		slept.Store(int64(time.Hour))
		time.Sleep(beat)
		synctest.Wait()
		wantNotes(t, o.take(), "close", "call stage.leave", "red off, green refused")
		stop()
	})
}

// TestTheStatusSaysWhatTheGateSays: the state would let media out, and the gate
// has shut itself.
func TestTheStatusSaysWhatTheGateSays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOutside()
		stop := o.run(t)
		s := o.podium.Status()
		if s.Gate.Open || len(s.Gate.Reasons) != 1 || s.Gate.Reasons[0].Reason != CauseNoTurn {
			t.Errorf("a podium that has just started: %+v", s.Gate)
		}
		o.onStage(t)
		if s := o.podium.Status(); !s.Gate.Open || s.Gate.Why != "" || s.Gate.Reasons == nil || len(s.Gate.Reasons) != 0 {
			t.Errorf("on stage: %+v", s.Gate)
		}
		o.shut = &Reason{"permit_over", "x"}
		if s := o.podium.Status(); s.Gate.Open || s.Gate.Why != "x" || s.Gate.Reasons[0].Reason != "permit_over" {
			t.Errorf("shut by itself: %+v", s.Gate)
		}
		stop()
	})
}
