//go:build faults

package faults

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"podium/stage"
	"podium/test/faults/link"
	"podium/test/faults/verdict"
)

// moment is a step of a run's plan.
type moment struct {
	at time.Duration
	do func(context.Context) error
}

const (
	// before is how long the speaker is on stage before a fault.
	before = 1500 * time.Millisecond
	// settles is how long all must stay the same to count as settled.
	settles = 1500 * time.Millisecond
	// settleLimit is how long that may take: the server needs two leases to miss a
	// podium, and the podium as long to find a connection.
	settleLimit = 3 * lease
)

// perform runs the faults on a rig whose podium is on stage, and gives what was seen.
func (r *rig) perform(t *testing.T, x run) verdict.Run {
	t.Helper()
	ctx := t.Context()
	if err := r.goOnStage(ctx); err != nil {
		t.Fatalf("cannot get on stage: %v", err)
	}
	time.Sleep(before)
	var during verdict.State
	begun := time.Now()
	r.machine.reset()
	r.stage.note("fault: " + x.name())
	r.podium.note("fault: " + x.name())
	if err := r.carryOut(ctx, begun, x, func() { during = r.watching.latest() }); err != nil {
		t.Fatalf("cannot do %s: %v", x.name(), err)
	}
	ended := time.Now()
	r.podium.note("the fault is over")
	status := r.settled(ctx)
	over := time.Now()
	seen := verdict.Run{
		Row: x.fault.name, Again: x.again, Second: x.second.name, Ended: ended.Sub(begun), During: during,
		Podium: r.watching.latest(), Stage: string(status),
		Heard: verdict.FlowOf(since(begun, r.viewer.heard(begun)), ended.Sub(begun), over.Sub(begun)),
	}
	packets := since(begun, r.link.Seen(link.Up, link.RTP, begun))
	seen.Leaving = verdict.FlowOf(packets, ended.Sub(begun), over.Sub(begun))
	seen.States = r.watching.between(begun, over)
	seen.Lies, seen.Missed = verdict.Lies(seen.States, packets, x.queue), r.missed
	seen.Sound, seen.Queue = share(r.viewer.heard(begun), begun, ended), x.queue
	seen.Picture = r.pictureBack(ctx, begun, ended, x.want().PictureBy)
	if status != stage.OnStage {
		seen.Press = r.pressAgain(ctx, t)
	}
	seen.Late = r.machine.most()
	return seen
}

// carryOut begins and ends the faults at their times.
func (r *rig) carryOut(ctx context.Context, begun time.Time, x run, nearEnd func()) error {
	var plan []moment
	for start, f := range x.faults() {
		var over end
		plan = append(plan, moment{start, func(ctx context.Context) (err error) {
			over, err = f.begin(ctx, r)
			return err
		}}, moment{start + f.lasts, func(ctx context.Context) error {
			nearEnd()
			if over == nil {
				return nil
			}
			return over(ctx)
		}})
	}
	slices.SortStableFunc(plan, func(a, b moment) int { return cmp.Compare(a.at, b.at) })
	for _, m := range plan {
		select {
		case <-time.After(time.Until(begun.Add(m.at))):
		case <-ctx.Done():
			return ctx.Err()
		}
		if err := m.do(ctx); err != nil {
			return err
		}
	}
	return nil
}

// settled waits until both sides say the same for a while and, on stage, sound comes
// through; or until it has waited enough. It gives what the stage says.
func (r *rig) settled(ctx context.Context) stage.Status {
	limit := time.Now().Add(settleLimit)
	calm := time.Now()
	for {
		status, err := r.serverStatus(ctx)
		same := err == nil && string(status) == r.watching.latest().Status
		if same && status == stage.OnStage {
			same = len(r.viewer.heard(time.Now().Add(-200*time.Millisecond))) > 0
		}
		now := time.Now()
		if !same {
			calm = now
		}
		if now.Sub(calm) > settles || now.After(limit) || ctx.Err() != nil {
			return status
		}
		time.Sleep(sampleEvery)
	}
}

// share is how much of the sound came between two moments.
func share(heard []time.Time, begun, ended time.Time) float64 {
	const perSecond = 50 // packets of 20 ms
	first, _ := slices.BinarySearchFunc(heard, ended, time.Time.Compare)
	return min(1, float64(first)/(perSecond*ended.Sub(begun).Seconds()))
}

// pictureBack waits, if that is wanted, until the picture has its bit rate back.
func (r *rig) pictureBack(ctx context.Context, begun, ended time.Time, within time.Duration) (p verdict.Picture) {
	_ = until(ctx, max(0, time.Until(ended.Add(within))), func(context.Context) error {
		p = verdict.PictureOf(r.watching.pictures(begun), ended.Sub(begun))
		if within > 0 && !p.IsBack() && !p.Ended {
			return errors.New("the picture is not back")
		}
		return nil
	})
	return p
}

// pressAgain goes on stage anew, and gives how long that took; 0: it did not work.
func (r *rig) pressAgain(ctx context.Context, t *testing.T) time.Duration {
	pressed := time.Now()
	if err := r.goOnStage(ctx); err != nil {
		t.Logf("a new press: %v", err)
		return 0
	}
	return time.Since(pressed)
}

func since(begun time.Time, moments []time.Time) (times []time.Duration) {
	for _, m := range moments {
		times = append(times, m.Sub(begun))
	}
	return times
}
