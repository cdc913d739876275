package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"time"

	"golang.org/x/sync/errgroup"

	"podium/test/rig"
)

// party is the processes of one kind.
type party struct {
	name     string
	children []*child
}

// child is a process that can be looked into.
type child struct {
	window
	name    string
	process *rig.Process
	base    profiles // when it was warm
	least   held     // the fewest goroutines and files that it was seen with at rest
}

func newChild(name string, process *rig.Process, socket string) *child {
	return &child{name: name, process: process, window: openWindow(socket)}
}

func (p *party) add(c *child) { p.children = append(p.children, c) }

func (p *party) end() {
	for _, c := range p.children {
		if err := c.process.End(endTime); err != nil {
			fmt.Fprintln(os.Stderr, "soak:", err)
		}
	}
}

const (
	// settleTime is how long what a turn has left over may take to end: ICE and DTLS
	// say goodbye, a device is closed.
	settleTime = 15 * time.Second
	settleLook = 250 * time.Millisecond
	// steady is how many looks in a row have to agree while nothing is known yet.
	steady = 8
	// looks is how often open files are counted until they are no more than before.
	looks     = 20
	lookEvery = 10 * time.Millisecond
)

// settle waits until no process holds more than it did before.
func (p *party) settle(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	for _, c := range p.children {
		group.Go(func() error { return c.settle(ctx) })
	}
	return group.Wait()
}

// hold sums up what all processes hold.
func (p *party) hold(ctx context.Context) (sum held, err error) {
	for _, c := range p.children {
		h, err := c.hold(ctx)
		if err != nil {
			return sum, err
		}
		sum.Goroutines += h.Goroutines
		sum.Heap += h.Heap
		sum.Objects += h.Objects
		sum.RSS += h.RSS
		sum.Anon += h.Anon
		sum.Threads += h.Threads
		sum.Files += h.Files
	}
	return sum, nil
}

// settle waits until a process holds no more than it did before, or does not change.
func (c *child) settle(ctx context.Context) error {
	former, same := 0, 0
	for end := time.Now().Add(settleTime); time.Now().Before(end); {
		n, err := c.counts(ctx, "/count")
		if err != nil {
			return c.gone(err)
		}
		u, err := rig.UsageOf(c.process.PID())
		if err != nil {
			return c.gone(err)
		}
		if n.Goroutines <= c.least.Goroutines && u.Files <= c.least.Files {
			return nil
		}
		if n.Goroutines == former {
			same++
		} else {
			former, same = n.Goroutines, 0
		}
		if c.least.Goroutines == 0 && same >= steady {
			return nil
		}
		if err := pause(ctx, settleLook); err != nil {
			return err
		}
	}
	return nil // it holds more: the sample says so
}

func (c *child) hold(ctx context.Context) (h held, err error) {
	if h.counts, err = c.counts(ctx, "/rest"); err != nil {
		return h, c.gone(err)
	}
	for look := 0; look == 0 || (look < looks && h.Files > c.least.Files); look++ {
		if err := pause(ctx, lookEvery); err != nil { // the question's own connection goes
			return h, err
		}
		if h.Usage, err = rig.UsageOf(c.process.PID()); err != nil {
			return h, c.gone(err)
		}
	}
	if c.least.Goroutines == 0 {
		c.least = h
	}
	c.least.Goroutines, c.least.Files = min(c.least.Goroutines, h.Goroutines), min(c.least.Files, h.Files)
	return h, nil
}

func (c *child) gone(err error) error {
	return fmt.Errorf("cannot look into the process of %s: %w\n%s", c.name, err, c.process.Log())
}

// profiles are what a process held when it was warm, in pprof's forms.
type profiles struct{ goroutines, heap []byte }

func (c *child) profiles(ctx context.Context) (p profiles, err error) {
	if p.goroutines, err = c.ask(ctx, http.MethodGet, "/goroutines"); err != nil {
		return p, c.gone(err)
	}
	if p.heap, err = c.ask(ctx, http.MethodGet, "/heap"); err != nil {
		return p, c.gone(err)
	}
	return p, nil
}
