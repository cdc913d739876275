package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"podium/test/rig"
)

// turn is what was seen of one end.
type turn struct {
	Who   string
	Took  time.Duration // from the deciding event to the last RTP packet; 0: none left after it
	Early time.Duration // how long before the event the last packet left; 0: after it
	Step  time.Duration // from the event to the podium's step that ends the turn, as it says; below 0: not known
	Stall time.Duration // the longest that this program, which only sleeps, was kept waiting meanwhile
}

func (t turn) String() string {
	text := fmt.Sprintf("%s: last packet %s ms after the event", t.Who, rig.Ms(t.Took))
	if t.Step >= 0 {
		text += fmt.Sprintf(", the podium's own step after %s ms", rig.Ms(t.Step))
	}
	return text + fmt.Sprintf(", the machine kept a sleeper waiting for up to %s ms", rig.Ms(t.Stall))
}

const (
	// silence is how long nothing more has to come for the last packet to be the last.
	silence = 300 * time.Millisecond
	// lively is how long the flow may pause before the event: three pictures.
	lively = 100 * time.Millisecond
	// stopTime is how long a process may take to end.
	stopTime = 10 * time.Second
)

// turn brings a podium onto the air, ends that, and looks when the last packet left.
func (h *hall) turn(ctx context.Context, s *speaker, k kind) (turn, error) {
	t := turn{Who: s.User, Step: -1}
	if err := h.ready(ctx, s); err != nil {
		return t, err
	}
	if _, err := s.OnAir(ctx); err != nil {
		return t, fmt.Errorf("%w\nthe podium:\n%s", err, s.process.Log())
	}
	// A moment of its own in the rhythm of the packets.
	if err := pause(ctx, 100*time.Millisecond+time.Duration(s.random.Int64N(int64(150*time.Millisecond)))); err != nil {
		return t, err
	}
	if quiet := time.Since(s.Lane.Last()); quiet > lively {
		return t, fmt.Errorf("%s is on air, and sent nothing for %s", s.User, quiet)
	}
	at, err := k.do(ctx, s)
	if err != nil {
		return t, err
	}
	last, err := s.lastPacket(ctx, at)
	if err != nil {
		return t, err
	}
	t.Took, t.Early = max(0, last.Sub(at)), max(0, at.Sub(last))
	t.Stall = h.watch.worst(at.Add(-lively), last.Add(lively))
	if !k.dies {
		t.Step = s.ownStep(ctx, at)
	}
	return t, s.recover(ctx, k)
}

// ready starts the podium where it does not run, and waits until it is at rest.
func (h *hall) ready(ctx context.Context, s *speaker) (err error) {
	if s.process == nil {
		if s.process, err = rig.Start(h.binary, "run", "--config", s.Config); err != nil {
			return err
		}
	}
	if err := s.AtRest(ctx); err != nil {
		return fmt.Errorf("%w\nthe podium:\n%s", err, s.process.Log())
	}
	return nil
}

// lastPacket waits until the flow has ceased.
func (s *speaker) lastPacket(ctx context.Context, at time.Time) (time.Time, error) {
	for limit := at.Add(stopTime); ; {
		since := s.Lane.Last()
		if since.Before(at) {
			since = at
		}
		wait := time.Until(since.Add(silence))
		if wait <= 0 {
			return s.Lane.Last(), nil
		}
		if since.After(limit) {
			return since, fmt.Errorf("%s: media still flows %s after the event", s.User, stopTime)
		}
		if err := pause(ctx, wait); err != nil {
			return since, err
		}
	}
}

// ownStep gives how long after at the podium says that it ended the turn.
func (s *speaker) ownStep(ctx context.Context, at time.Time) time.Duration {
	steps, err := s.Panel.Trace(ctx)
	if err != nil {
		return -1
	}
	for _, step := range steps {
		if strings.Contains(strings.Join(step.Effects, "\n"), "close gate") && step.At.After(at.Add(-lively)) {
			return max(0, step.At.Sub(at))
		}
	}
	return -1
}

// recover mends what the kind has broken.
func (s *speaker) recover(ctx context.Context, k kind) error {
	s.Valve.Hold(false)
	s.Lane.Hold(false, false)
	if !k.dies {
		return nil
	}
	select {
	case <-s.process.Over():
	case <-time.After(stopTime):
		return errors.New(s.User + " does not end:\n" + s.process.Log())
	case <-ctx.Done():
		return ctx.Err()
	}
	s.process = nil
	return nil
}
