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

	"podium/stage/client"
	"podium/test/rig"
)

// lease is the shortest that a stage's configuration takes.
const lease = time.Second

// hall is one stage, and the podiums that were needed so far.
type hall struct {
	options
	folder   string
	relay    *rig.Relay
	stage    *rig.Stage
	speakers []*speaker
	watch    *watch
}

// speaker is one podium with its process.
type speaker struct {
	*rig.Station
	host    *client.REST
	process *rig.Process
	random  *rand.Rand
}

func openHall(ctx context.Context, o options) (h *hall, err error) {
	h = &hall{options: o, watch: startWatch()}
	defer func() {
		if err != nil {
			h.close()
		}
	}()
	if h.binary, err = filepath.Abs(o.binary); err != nil {
		return h, err
	}
	if h.folder, err = rig.Folder("stops-"); err != nil {
		return h, err
	}
	if h.relay, err = rig.OpenRelay(); err != nil {
		return h, err
	}
	h.stage, err = rig.StartStage(ctx, rig.StageOptions{
		Command: []string{h.binary}, Folder: h.folder, Media: h.relay.Media(),
		Settings: fmt.Sprintf("announce: [%s]\nlease: %s\nlog: warn\n", rig.RelayHost, lease),
	})
	return h, err
}

func (h *hall) close() {
	for _, s := range h.speakers {
		if s.process != nil {
			s.process.Kill()
		}
		s.Close()
	}
	if h.stage != nil {
		h.stage.Kill()
	}
	if h.relay != nil {
		h.relay.Close()
	}
	h.watch.stop()
	_ = os.RemoveAll(h.folder)
}

// staff makes speakers until there are so many.
func (h *hall) staff(ctx context.Context, count int) error {
	for n := len(h.speakers); n < count; n++ {
		s := &speaker{random: rand.New(rand.NewPCG(h.seed, uint64(n)))}
		// A meeting each: nobody hears of the others.
		o := rig.StationOptions{Stage: h.stage, Relay: h.relay, Meeting: fmt.Sprintf("hall-%d", n), Number: n, Settings: "log: warn\n"}
		var err error
		if s.Station, err = rig.NewStation(ctx, o); err != nil {
			return err
		}
		h.speakers = append(h.speakers, s)
		token, err := rig.Token(s.Meeting, "chair", "host")
		if err != nil {
			return err
		}
		if s.host, err = client.NewREST("http://"+h.stage.Address, token); err != nil {
			return err
		}
	}
	return nil
}

// measure does all turns of one kind.
func (h *hall) measure(ctx context.Context, k kind) (result, error) {
	began := time.Now()
	count := min(h.turns, h.parallel)
	if k.leased {
		count = min(h.turns, h.leases)
	}
	if err := h.staff(ctx, count); err != nil {
		return result{}, err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	p := &progress{kind: k.Name, turns: h.turns, began: began}
	defer p.start()()
	var next atomic.Int64
	var group sync.WaitGroup
	var mu sync.Mutex
	var turns []turn
	var failed error
	for _, s := range h.speakers[:count] {
		group.Go(func() {
			for ctx.Err() == nil && next.Add(1) <= int64(h.turns) {
				t, err := h.turn(ctx, s, k)
				mu.Lock()
				if err != nil {
					failed = errors.Join(failed, err)
					cancel()
				} else {
					turns = append(turns, t)
					p.done.Add(1)
				}
				mu.Unlock()
				if err == nil && h.verbose && t.Took > limit {
					fmt.Fprintf(os.Stderr, "%s: %s\n", k.Name, t)
				}
			}
			if s.process != nil && k.dies {
				s.process.Kill()
				s.process = nil
			}
		})
	}
	group.Wait()
	return summarise(k, turns, time.Since(began)), failed
}
