package main

import (
	"context"
	"fmt"
	"syscall"
	"time"

	"podium/appliance"
	"podium/stage"
)

// kind is one way in which a turn ends.
type kind struct {
	Name, How string
	leased    bool // it takes a lease: more podiums at the same time
	dies      bool // the process ends with it
	// do makes the deciding event, and gives when it was.
	do func(context.Context, *speaker) (time.Time, error)
}

var kinds = []kind{
	{Name: "kick", How: "the host's REST call is sent", do: func(ctx context.Context, s *speaker) (time.Time, error) {
		at := time.Now()
		results, err := s.host.Decide(ctx, stage.Kick, stage.Targets{UserIDs: []string{s.User}})
		if err == nil && (len(results) != 1 || !results[0].OK) {
			err = fmt.Errorf("the kick of %s: %+v", s.User, results)
		}
		return at, err
	}},
	{Name: "cancel", How: "the press is sent to the control socket", do: func(ctx context.Context, s *speaker) (time.Time, error) {
		return s.Press(ctx, appliance.ButtonCancel)
	}},
	{Name: "lease", How: "a lease after the last bytes from the stage", leased: true, do: func(ctx context.Context, s *speaker) (time.Time, error) {
		s.Valve.Hold(true)
		s.Lane.Hold(false, true) // what the server does about it is not to reach the podium
		at := s.Valve.Heard().Add(lease)
		return at, pause(ctx, time.Until(at))
	}},
	{Name: "term", How: "kill(2) with SIGTERM", dies: true, do: func(_ context.Context, s *speaker) (time.Time, error) {
		return s.process.Signal(syscall.SIGTERM)
	}},
	{Name: "kill", How: "kill(2) with SIGKILL", dies: true, do: func(_ context.Context, s *speaker) (time.Time, error) {
		return s.process.Signal(syscall.SIGKILL)
	}},
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
