package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"podium/appliance"
	"podium/publish"
	"podium/test/rig"
)

// lease is short, since some turns wait for its end, and long enough for a busy machine.
const lease = 2 * time.Second

// errLapsed ends a turn whose lease or grant has run out though nobody had it: on a
// machine that is busy with other things a process may get no time for so long.
var errLapsed = errors.New("the lease or the grant has run out by itself")

// speaker is one podium, with what the seed has in store for it.
type speaker struct {
	*rig.Station
	soak   *soak
	child  *child
	view   *rig.Lane // of viewers
	number int
	random *rand.Rand
	visits int
}

// plug sets what a device of the podium does.
func (s *speaker) plug(device string, f fault) error {
	_, err := s.child.ask(context.Background(), http.MethodPost, fmt.Sprintf("/plugs/%s/%s", device, f))
	return err
}

// mend has both devices work. One that cannot be mended shows in the next turn.
func (s *speaker) mend() {
	_ = s.plug(publish.Camera, works)
	_ = s.plug(publish.Microphone, works)
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// draw gives the next end by the seed.
func (s *speaker) draw(ends []end) end {
	sum := 0
	for _, e := range ends {
		sum += e.weight
	}
	n := s.random.IntN(sum)
	for _, e := range ends {
		if n -= e.weight; n < 0 {
			return e
		}
	}
	return ends[0]
}

// One turn in so many has a viewer who comes and goes, and a meeting that does.
const besides = 20

// turn does one turn.
func (s *speaker) turn(ctx context.Context, e end) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	if !e.lapses {
		s.Host.OnLapse(func() { cancel(errLapsed) })
		defer s.Host.OnLapse(nil)
	}
	began := time.Now()
	err := s.act(ctx, e)
	if err != nil && !e.lapses && (errors.Is(context.Cause(ctx), errLapsed) || s.heardNothing(began)) {
		return errLapsed
	}
	return err
}

// heardNothing reports whether the podium has ended a turn by its own lease.
func (s *speaker) heardNothing(since time.Time) bool {
	steps, err := s.Panel.Trace(context.Background())
	return err == nil && slices.ContainsFunc(steps, func(step appliance.TraceStep) bool {
		return step.At.After(since) && strings.Contains(strings.Join(step.Effects, "\n"), "close gate: nothing heard")
	})
}

// act does what belongs to a turn, up to its rest.
func (s *speaker) act(ctx context.Context, e end) error {
	viewer, visit := s.random.IntN(besides) == 0, s.random.IntN(besides) == 0
	if visit {
		if err := s.visit(ctx); err != nil {
			return fmt.Errorf("a visit to another meeting: %w", err)
		}
	}
	if e.onAir {
		steps, err := s.OnAir(ctx)
		if err != nil {
			return err
		}
		s.soak.clock("press to the host", steps.Requested.Sub(steps.Pressed))
		s.soak.clock("grant to media", steps.OnAir.Sub(steps.Granted))
		if viewer {
			if err := s.watched(ctx); err != nil {
				return fmt.Errorf("a viewer: %w", err)
			}
		}
	}
	began := time.Now()
	if err := e.do(ctx, s); err != nil {
		return err
	}
	if err := s.AtRest(ctx); err != nil {
		return err
	}
	s.soak.clock(e.name+", to rest", time.Since(began))
	return nil
}

// steps gives the podium's latest steps, for who looks for what went wrong.
func (s *speaker) steps() string {
	steps, err := s.Panel.Trace(context.Background())
	if err != nil {
		return err.Error()
	}
	var text strings.Builder
	for _, step := range steps[max(0, len(steps)-12):] {
		fmt.Fprintf(&text, "%s %s: %s %q\n", step.At.Format("15:04:05.000"), step.Event, step.Status, step.Effects)
	}
	return text.String()
}

// watched has a viewer come, see, and go.
func (s *speaker) watched(ctx context.Context) error {
	token, err := rig.Token(s.Meeting, "viewer of "+s.User, "viewer")
	if err != nil {
		return err
	}
	v, err := rig.Watch(ctx, "http://"+s.soak.stage.Address+"/v1/whep/"+s.Meeting+"/"+s.User, token, s.view)
	if err != nil {
		return err
	}
	defer v.Close()
	return v.Await(ctx)
}

// visit has a meeting open for one who looks in.
func (s *speaker) visit(ctx context.Context) error {
	s.visits++
	h, err := rig.Connect(ctx, s.soak.stage.Address, fmt.Sprintf("side-%d-%d", s.number, s.visits), s.User)
	if err == nil {
		h.Close()
	}
	return err
}

// tally counts and times what happens.
type tally struct {
	mu    sync.Mutex
	times map[string]rig.Times
	ends  map[string]int
}

func (t *tally) clock(what string, took time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.times[what] = append(t.times[what], took)
}

func (t *tally) count(end string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ends[end]++
}
