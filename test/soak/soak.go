package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"podium/stage"
	"podium/test/rig"
)

// soak is a stage and some podiums, each in a process of its own.
type soak struct {
	options
	tally
	ends     []end
	folder   string
	relay    *rig.Relay
	stage    *rig.Stage
	parties  [2]*party // the stage, the podiums
	speakers []*speaker
	done     atomic.Int64 // turns
	samples  []sample
}

// The parties.
const (
	ofStage = iota
	ofPodiums
)

// lost counts the turns that came to another end than the one that was drawn.
const lost = "lost"

const (
	// inMeeting is how many podiums share one.
	inMeeting = 3
	// grantExpiry is how long an invitation stands, ms: long enough for a join on a
	// busy machine, short enough to be waited for.
	grantExpiry = 3000
	// endTime is how long a process may take to end.
	endTime = 20 * time.Second
)

func openSoak(ctx context.Context, o options, ends []end) (s *soak, err error) {
	s = &soak{options: o, ends: ends, parties: [2]*party{{name: "stage"}, {name: "podiums"}}, tally: tally{times: map[string]rig.Times{}, ends: map[string]int{}}}
	defer func() {
		if err != nil {
			s.close()
		}
	}()
	self, err := os.Executable()
	if err != nil {
		return s, err
	}
	if s.folder, err = rig.Folder("soak-"); err != nil {
		return s, err
	}
	if s.relay, err = rig.OpenRelay(); err != nil {
		return s, err
	}
	socket := filepath.Join(s.folder, "stage.sock")
	s.stage, err = rig.StartStage(ctx, rig.StageOptions{
		Command: []string{self, "-child", socket}, Folder: s.folder, Media: s.relay.Media(),
		Settings: fmt.Sprintf("announce: [%s]\nlease: %s\nlog: warn\n", rig.RelayHost, lease),
	})
	if err != nil {
		return s, err
	}
	s.parties[ofStage].add(newChild("stage", s.stage.Process, socket))
	return s, s.seat(ctx, self)
}

// seat makes the podiums' places, and starts them.
func (s *soak) seat(ctx context.Context, self string) error {
	for n := range s.stations {
		p := &speaker{soak: s, number: n, view: s.relay.Lane(), random: rand.New(rand.NewPCG(s.seed, uint64(n)))}
		var err error
		p.Station, err = rig.NewStation(ctx, rig.StationOptions{
			Stage: s.stage, Relay: s.relay, Meeting: fmt.Sprintf("hall-%d", n/inMeeting), Number: n,
			Media:       "camera: {device: test, width: 160, height: 90, frameRate: 15, bitRate: 60000}\nmicrophone: {device: test}\n",
			PressToJoin: n%4 == 3,
		})
		if err != nil {
			return err
		}
		s.speakers = append(s.speakers, p)
		expiry := int64(grantExpiry)
		if err := p.Host.Call(ctx, stage.UpdateSettings, stage.SettingsPatch{GrantExpiryMs: &expiry}, nil); err != nil {
			return err
		}
		socket := filepath.Join(s.folder, p.User+".sock")
		process, err := rig.Start(self, "-child", socket, "run", "--config", p.Config)
		if err != nil {
			return err
		}
		p.child = newChild(p.User, process, socket)
		s.parties[ofPodiums].add(p.child)
	}
	return nil
}

func (s *soak) close() {
	for _, p := range s.speakers {
		p.Close()
	}
	for _, p := range []int{ofPodiums, ofStage} {
		s.parties[p].end()
	}
	if s.relay != nil {
		s.relay.Close()
	}
	_ = os.RemoveAll(s.folder)
}

// run does all turns, and rests in between to count.
func (s *soak) run(ctx context.Context) error {
	defer s.progress()()
	for n := 1; n <= s.options.samples; n++ {
		if err := s.until(ctx, int64(s.turns)*int64(n)/int64(s.options.samples)); err != nil {
			return err
		}
		if err := s.look(ctx); err != nil {
			return err
		}
	}
	return nil
}

// until does turns until there are so many.
func (s *soak) until(ctx context.Context, turns int64) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var group sync.WaitGroup
	var mu sync.Mutex
	var failed error
	var begun atomic.Int64
	begun.Store(s.done.Load())
	for _, p := range s.speakers {
		group.Go(func() {
			if err := p.turns(ctx, &begun, turns); err != nil {
				mu.Lock()
				failed = errors.Join(failed, err)
				mu.Unlock()
				cancel()
			}
		})
	}
	group.Wait()
	if failed != nil {
		return fmt.Errorf("%w\nthe stage:\n%s", failed, s.stage.Log())
	}
	return ctx.Err()
}

func (s *speaker) turns(ctx context.Context, begun *atomic.Int64, turns int64) error {
	if err := s.AtRest(ctx); err != nil {
		return err
	}
	for begun.Add(1) <= turns {
		e := s.draw(s.soak.ends)
		err := s.turn(ctx, e)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, errLapsed):
			s.soak.count(lost)
			if err := s.AtRest(ctx); err != nil {
				return err
			}
			continue
		case err != nil:
			return fmt.Errorf("after %d turns, at %s, %s: %w\nits steps:\n%s\nthe podium:\n%s",
				s.soak.done.Load(), s.User, e.name, err, s.steps(), s.child.process.Log())
		}
		s.soak.count(e.name)
		s.soak.done.Add(1)
	}
	return nil
}

// progress tells every few seconds how far it is; the caller ends it.
func (s *soak) progress() (stop func()) {
	began := time.Now()
	return rig.Progress(func() {
		took := time.Since(began).Seconds()
		fmt.Fprintf(os.Stderr, "%d of %d turns, %.0f s, %.1f a second\n", s.done.Load(), s.turns, took, float64(s.done.Load())/took)
	})
}
