package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"podium/appliance"
	"podium/publish"
	"podium/stage"
	"podium/test/rig"
)

// end is one way in which a turn goes and ends. When do returns, what it broke is
// mended, and the podium is on its way to rest.
type end struct {
	name   string
	weight int  // how often it is drawn, in proportion
	onAir  bool // the podium is brought onto the air first
	lapses bool // a lease or a grant runs out in it
	do     func(context.Context, *speaker) error
}

var allEnds = []end{
	{"kick", 22, true, false, func(ctx context.Context, s *speaker) error { return s.Host.Decide(ctx, stage.Kick) }},
	{"cancel", 18, true, false, func(ctx context.Context, s *speaker) error { return s.cancel(ctx) }},
	{"invited", 5, false, false, invited},
	{"deny", 6, false, false, func(ctx context.Context, s *speaker) error { return s.asked(ctx, stage.DenyAccess) }},
	{"removed", 3, false, false, func(ctx context.Context, s *speaker) error { return s.asked(ctx, stage.Kick) }},
	{"withdrawn", 4, false, false, withdrawn},
	{"declined", 3, false, false, declined},
	{"expired", 5, false, true, expired},
	{"reset", 6, true, false, reset},
	{"lapse", 5, true, true, lapse},
	{"deaf", 3, true, false, deaf},
	{"camera", 4, true, false, func(ctx context.Context, s *speaker) error { return s.loses(ctx, publish.Camera) }},
	{"microphone", 4, true, false, func(ctx context.Context, s *speaker) error { return s.loses(ctx, publish.Microphone) }},
	{"mute", 3, true, false, mute},
	{"busy", 3, false, false, busy},
	{"hang", 4, true, false, hang},
	{"stuck", 2, true, false, stuck},
}

// choose gives the ends that are named; all when none is.
func choose(only string) ([]end, error) {
	if only == "" {
		return allEnds, nil
	}
	var wanted []end
	for _, name := range strings.Split(only, ",") {
		i := slices.IndexFunc(allEnds, func(e end) bool { return e.name == name })
		if i < 0 {
			var names []string
			for _, e := range allEnds {
				names = append(names, e.name)
			}
			return nil, fmt.Errorf("there is no end %q: use %s", name, strings.Join(names, ", "))
		}
		wanted = append(wanted, allEnds[i])
	}
	return wanted, nil
}

func (s *speaker) cancel(ctx context.Context) error {
	_, err := s.Press(ctx, appliance.ButtonCancel)
	return err
}

// asked has a host turn a request down, when the podium has heard that it waits: until
// then a further press is none.
func (s *speaker) asked(ctx context.Context, how stage.Method) error {
	if _, err := s.Request(ctx); err != nil {
		return err
	}
	if err := s.Until(ctx, "waiting", func(a appliance.Status) bool { return a.Status == stage.Requested }); err != nil {
		return err
	}
	return s.Host.Decide(ctx, how)
}

func withdrawn(ctx context.Context, s *speaker) error {
	if _, err := s.Request(ctx); err != nil {
		return err
	}
	return s.cancel(ctx)
}

// invite has the host invite, and the podium hear of it.
func (s *speaker) invite(ctx context.Context) error {
	if err := s.Host.Decide(ctx, stage.GrantAccess); err != nil {
		return err
	}
	return s.Until(ctx, "invited", func(a appliance.Status) bool { return a.Status == stage.Accepted })
}

func invited(ctx context.Context, s *speaker) error {
	if err := s.invite(ctx); err != nil {
		return err
	}
	if _, err := s.Press(ctx, appliance.ButtonRequest); err != nil {
		return err
	}
	if err := s.hears(ctx, true); err != nil {
		return err
	}
	return s.cancel(ctx)
}

func declined(ctx context.Context, s *speaker) error {
	if err := s.invite(ctx); err != nil {
		return err
	}
	return s.cancel(ctx)
}

func expired(ctx context.Context, s *speaker) error {
	if err := s.invite(ctx); err != nil {
		return err
	}
	return s.Until(ctx, "told that the invitation ran out", func(a appliance.Status) bool { return a.Status == stage.OffStage })
}

// hears waits until media arrives at the stage, or no longer does.
func (s *speaker) hears(ctx context.Context, onAir bool) error {
	_, err := s.Host.Await(ctx, fmt.Sprintf("on air: %t", onAir), func(v rig.View) bool { return v.OnAir == onAir })
	return err
}

// reset breaks the connection. The turn goes on with the next one.
func reset(ctx context.Context, s *speaker) error {
	s.Valve.Reset()
	if err := s.Until(ctx, "connected again, and on air", func(a appliance.Status) bool { return a.Connected && a.OnAir }); err != nil {
		return err
	}
	return s.Host.Decide(ctx, stage.Kick)
}

// lapse holds the connection up for longer than the lease: both sides end the turn.
func lapse(ctx context.Context, s *speaker) error {
	s.Valve.Hold(true)
	defer s.Valve.Hold(false)
	err := s.Until(ctx, "off the air by itself", func(a appliance.Status) bool { return !a.Connected && !a.OnAir && !a.Gate.Open })
	if err != nil {
		return err
	}
	_, err = s.Host.Await(ctx, "the end of the lease", func(v rig.View) bool { return v.Status != stage.OnStage && !v.OnAir })
	return err
}

// deaf holds the media up for longer than the lease: the engine gives it up.
func deaf(ctx context.Context, s *speaker) error {
	s.Lane.Hold(true, true)
	defer s.Lane.Hold(false, false)
	if err := s.hears(ctx, false); err != nil {
		return err
	}
	if err := pause(ctx, lease+lease/2); err != nil {
		return err
	}
	return s.cancel(ctx)
}

// faulty waits until the podium says that a device is out of order.
func (s *speaker) faulty(ctx context.Context, device string) error {
	return s.Until(ctx, "told of its "+device, func(a appliance.Status) bool {
		return slices.ContainsFunc(a.Faults, func(f appliance.Fault) bool { return f.Part == device })
	})
}

// loses has one device end. The turn goes on with the other.
func (s *speaker) loses(ctx context.Context, device string) error {
	defer s.mend()
	if err := s.plug(device, fails); err != nil {
		return err
	}
	if err := s.faulty(ctx, device); err != nil {
		return err
	}
	if err := s.Until(ctx, "on air with what is left", func(a appliance.Status) bool { return a.OnAir }); err != nil {
		return err
	}
	return s.cancel(ctx)
}

func mute(ctx context.Context, s *speaker) error {
	defer s.mend()
	if err := errors.Join(s.plug(publish.Camera, fails), s.plug(publish.Microphone, fails)); err != nil {
		return err
	}
	if err := s.hears(ctx, false); err != nil {
		return err
	}
	return s.Host.Decide(ctx, stage.Kick)
}

func busy(ctx context.Context, s *speaker) error {
	defer s.mend()
	if err := s.plug(publish.Camera, fails); err != nil {
		return err
	}
	if _, err := s.OnAir(ctx); err != nil {
		return err
	}
	if err := s.faulty(ctx, publish.Camera); err != nil {
		return err
	}
	return s.cancel(ctx)
}

// hang has the camera hang while the turn ends.
func hang(ctx context.Context, s *speaker) error {
	defer s.mend()
	if err := s.plug(publish.Camera, hangs); err != nil {
		return err
	}
	if err := s.cancel(ctx); err != nil {
		return err
	}
	return s.AtRest(ctx)
}

// stuck has the camera hang from one turn into the next.
func stuck(ctx context.Context, s *speaker) error {
	defer s.mend()
	if err := hangAndKick(ctx, s); err != nil {
		return err
	}
	if _, err := s.OnAir(ctx); err != nil {
		return err
	}
	if err := s.faulty(ctx, publish.Camera); err != nil {
		return err
	}
	return s.Host.Decide(ctx, stage.Kick)
}

func hangAndKick(ctx context.Context, s *speaker) error {
	if err := s.plug(publish.Camera, hangs); err != nil {
		return err
	}
	if err := s.Host.Decide(ctx, stage.Kick); err != nil {
		return err
	}
	return s.AtRest(ctx)
}
