//go:build faults

package faults

import (
	"context"
	"fmt"
	"syscall"
	"time"

	"podium/control"
	"podium/stage"
	"podium/test/faults/link"
)

// fault is something that happens to a rig while its podium is on stage.
type fault struct {
	name  string
	lasts time.Duration
	begin func(context.Context, *rig) (end, error)
}

// end ends a fault; nil: it ends by itself.
type end func(context.Context) error

// linkFault makes the link bad.
func linkFault(name string, lasts time.Duration, b link.Behaviour, directions ...link.Direction) fault {
	return fault{name, lasts, func(_ context.Context, r *rig) (end, error) {
		heal := r.link.Add(b, directions...)
		return func(context.Context) error { heal(); return nil }, nil
	}}
}

// way is which way a link is cut.
type way struct {
	name       string
	directions []link.Direction
}

var ways = []way{
	{"both ways", link.Both},
	{"podium to stage", []link.Direction{link.Up}},
	{"stage to podium", []link.Direction{link.Down}},
}

func cut(lasts time.Duration, w way) fault {
	return linkFault("cut of "+length(lasts)+", "+w.name, lasts, link.Behaviour{Cut: true}, w.directions...)
}

// away is how long a killed process is not there: what a unit file's RestartSec says.
const away = 500 * time.Millisecond

// killStage ends the stage without a word, and starts it again with its store.
var killStage = fault{"stage killed and started again", away, func(_ context.Context, r *rig) (end, error) {
	r.stage.note("killing")
	r.server.kill()
	return func(ctx context.Context) error {
		r.startStage()
		if err := until(ctx, patience, r.serves); err != nil {
			return err
		}
		return until(ctx, patience, r.viewer.watch) // viewers come back by themselves: their page does this
	}, nil
}}

// killPodium ends the podium without a word, and starts it again.
var killPodium = fault{"podium killed and started again", away, func(_ context.Context, r *rig) (end, error) {
	r.podium.note("killing")
	r.device.kill()
	return func(context.Context) error { r.startPodium(); return nil }, nil
}}

// stopPodium holds the whole process. Nobody watches it meanwhile.
func stopPodium(lasts time.Duration) fault {
	return fault{"podium stopped (SIGSTOP) for " + length(lasts), lasts, func(_ context.Context, r *rig) (end, error) {
		r.systemd.leave()
		return r.hold(r.device), nil
	}}
}

// stopStage holds the stage.
func stopStage(lasts time.Duration) fault {
	return fault{"stage stopped (SIGSTOP) for " + length(lasts), lasts, func(_ context.Context, r *rig) (end, error) {
		return r.hold(r.server), nil
	}}
}

// hold stops a process until all who hold it have let go.
func (r *rig) hold(p *process) end {
	r.stops++
	p.signal(syscall.SIGSTOP)
	return func(context.Context) error {
		if r.stops--; r.stops == 0 {
			p.signal(syscall.SIGCONT)
		}
		return nil
	}
}

// hangPodium holds the process until the watchdog has ended it; then it is started
// again, as the unit file says.
var hangPodium = fault{"podium hangs until the watchdog ends it", 0, func(ctx context.Context, r *rig) (end, error) {
	if err := until(ctx, patience, r.systemd.ready); err != nil {
		return nil, err // before that nobody watches
	}
	r.device.signal(syscall.SIGSTOP)
	last, _ := r.systemd.pings()
	if err := r.device.ended(ctx, watchdog+2*time.Second); err != nil {
		return nil, err
	}
	if _, fired := r.systemd.pings(); fired.IsZero() {
		r.miss("the podium ended, and not by its watchdog")
	} else if late := fired.Sub(last) - watchdog; late > time.Second {
		r.miss("the watchdog ended it %s late", late)
	}
	r.startPodium()
	return nil, nil
}}

// terminate ends the podium as systemctl stop does, and starts it again.
var terminate = fault{"SIGTERM to the podium, started again", away, func(ctx context.Context, r *rig) (end, error) {
	r.device.signal(syscall.SIGTERM)
	return func(context.Context) error {
		if err := r.device.ended(ctx, patience); err != nil {
			return err
		}
		r.startPodium()
		return nil
	}, nil
}}

var (
	kick = fault{"the host kicks", 0, func(ctx context.Context, r *rig) (end, error) {
		r.stage.note("the host kicks")
		return nil, r.decide(ctx, stage.Kick)
	}}
	cancel = fault{"the speaker cancels", 0, func(ctx context.Context, r *rig) (end, error) {
		r.podium.note("the speaker cancels")
		return nil, r.press(ctx, control.Press{Button: "cancel"})
	}}
)

// length writes a time as a document does.
func length(d time.Duration) string {
	if d%time.Second == 0 {
		return fmt.Sprintf("%d s", d/time.Second)
	}
	return fmt.Sprintf("%d ms", d.Milliseconds())
}
