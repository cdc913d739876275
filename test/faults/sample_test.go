//go:build faults

package faults

import (
	"context"
	"sync"
	"testing"
	"time"

	"podium/appliance"
	"podium/control"
	"podium/test/faults/verdict"
)

// sampler asks the podium's control socket what it is doing, all the time.
type sampler struct {
	panel *control.Client

	mu     sync.Mutex
	states []state
	rates  []rate
}

// rate is what the podium gave its picture at a moment.
type rate struct {
	at time.Time
	verdict.Rate
}

// state is one answer, and from when to when it was the same.
type state struct {
	from, to time.Time
	verdict.State
}

const (
	sampleEvery = 40 * time.Millisecond
	sampleLimit = 300 * time.Millisecond // an answer of the device itself
)

func sample(t *testing.T, panel *control.Client) *sampler {
	s := &sampler{panel: panel}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		ticker := time.NewTicker(sampleEvery)
		defer ticker.Stop()
		for {
			s.look(ctx)
			select {
			case <-ticker.C:
			case <-ctx.Done():
				return
			}
		}
	}()
	t.Cleanup(func() { stop(); <-done })
	return s
}

// look asks once. An answer holds from when it came back to the question after
// which it is still the same: in between the podium may have changed its mind.
func (s *sampler) look(ctx context.Context) {
	asked := time.Now()
	ctx, cancel := context.WithTimeout(ctx, sampleLimit)
	defer cancel()
	status, err := s.panel.Status(ctx)
	now := state{from: time.Now(), to: asked, State: verdict.State{Silent: true}}
	if err == nil {
		now.State = stateOf(status)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if m := status.Media; err == nil {
		s.rates = append(s.rates, rate{now.from, verdict.Rate{BitRate: m.BitRate, Width: m.Width, Height: m.Height, FrameRate: m.FrameRate}})
	}
	if last := len(s.states) - 1; last >= 0 && s.states[last].Same(now.State) {
		s.states[last].to = asked
		return
	}
	now.to = now.from
	s.states = append(s.states, now)
}

func stateOf(s appliance.Status) verdict.State {
	out := verdict.State{
		Status: string(s.Status), Reason: string(s.Reason), Connected: s.Connected, Open: s.Gate.Open,
		Red: string(s.Lamps.Red), Green: string(s.Lamps.Green),
	}
	for _, f := range s.Faults {
		out.Faults = append(out.Faults, f.Part+": "+f.Text)
	}
	for _, r := range s.Gate.Reasons {
		out.Why = append(out.Why, string(r.Reason))
	}
	return out
}

// latest gives the newest answer.
func (s *sampler) latest() verdict.State {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.states) == 0 {
		return verdict.State{Silent: true}
	}
	return s.states[len(s.states)-1].State
}

// pictures gives what the picture was given, timed from a moment on.
func (s *sampler) pictures(begun time.Time) (rates []verdict.Rate) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range s.rates {
		one.At = one.at.Sub(begun)
		rates = append(rates, one.Rate)
	}
	return rates
}

// between gives the answers between two moments, timed from the first.
func (s *sampler) between(begun, end time.Time) (states []verdict.State) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range s.states {
		if one.to.Before(begun) || one.from.After(end) {
			continue
		}
		one.At, one.Until = one.from.Sub(begun), one.to.Sub(begun)
		states = append(states, one.State)
	}
	return states
}
