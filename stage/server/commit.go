package server

import (
	"fmt"
	"log/slog"
	"sync"
	"time"

	"podium/stage"
)

// retryAfter is how long a store that failed is left alone.
const retryAfter = time.Second

// committer stores what the steps of all meetings change, in one transaction for
// all that has come meanwhile, and lets their parcels go. Its goroutine runs while
// there is something to store.
type committer struct {
	store Store
	log   *slog.Logger
	done  func(*meeting) // called without locks when something of the meeting was stored

	mu      sync.Mutex
	queue   []*meeting // each once
	running bool
	stopped *sync.Cond // told when running ends
	ended   bool
	failure error // of the last attempt; nil: the store works
	retry   *time.Timer
	due     bool                  // a failed store may be tried again
	owing   map[*meeting]struct{} // those with something unsaved
}

func newCommitter(store Store, log *slog.Logger, done func(*meeting)) *committer {
	c := &committer{store: store, log: log, done: done, owing: map[*meeting]struct{}{}}
	c.stopped = sync.NewCond(&c.mu)
	return c
}

// add has the meeting's parcels stored and opened.
func (c *committer) add(m *meeting) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.addLocked(m)
}

func (c *committer) addLocked(m *meeting) {
	if !m.queued {
		m.queued = true
		c.queue = append(c.queue, m)
	}
	if !c.running {
		c.running = true
		go c.run()
	}
}

func (c *committer) run() {
	for {
		batch, try := c.take()
		if batch == nil {
			return
		}
		c.commit(batch, try)
	}
}

// take gives the meetings that wait; none: the goroutine has to end. While the
// store fails it is tried once in a while, and nobody waits for it.
func (c *committer) take() (batch []*meeting, try bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	batch, c.queue = c.queue, nil
	for _, m := range batch {
		m.queued = false
	}
	c.running = batch != nil
	if batch == nil {
		c.stopped.Broadcast()
	}
	try = !c.ended && (c.failure == nil || c.due)
	if batch != nil {
		c.due = false
	}
	return batch, try
}

// commit stores what a batch of meetings has to store, then lets them tell.
func (c *committer) commit(batch []*meeting, try bool) {
	counts := make([]int, len(batch))
	saved := make([]stage.Saved, len(batch))
	changes := map[string]stage.Saved{}
	for i, m := range batch {
		counts[i], saved[i] = m.line.collect()
		if !saved[i].Empty() {
			changes[m.name] = saved[i]
		}
	}
	stored := len(changes) == 0
	if !stored && try {
		err := c.store.Save(changes)
		stored = err == nil
		c.report(err)
	}
	for i, m := range batch {
		owed := saved[i]
		if stored {
			owed = stage.Saved{}
		}
		c.owe(m, !owed.Empty())
		m.line.release(counts[i], owed)
		c.done(m)
	}
}

// report says once that the store fails, and once that it works again.
func (c *committer) report(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case err != nil && c.failure == nil:
		c.log.Error("cannot store what happens; the stage goes on from memory, and tries again every second", "err", err)
	case err == nil && c.failure != nil:
		c.log.Info("the store works again; everything is stored")
	}
	c.failure = err
	if err != nil && !c.ended {
		c.retry = time.AfterFunc(retryAfter, c.again)
	}
}

func (c *committer) owe(m *meeting, owes bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if owes {
		c.owing[m] = struct{}{}
	} else {
		delete(c.owing, m)
	}
}

// again tries to store everything that is owed.
func (c *committer) again() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.ended {
		c.payLocked()
	}
}

func (c *committer) payLocked() {
	c.due = true
	for m := range c.owing {
		c.addLocked(m)
	}
}

// problem gives why the store fails; nil: it works.
func (c *committer) problem() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.failure
}

// close stores what is left, and waits for that. Later steps are not stored; a
// further close tries once more with what is still owed.
func (c *committer) close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended = false
	c.payLocked()
	for c.running {
		c.stopped.Wait()
	}
	c.ended = true
	if c.retry != nil {
		c.retry.Stop()
	}
	if len(c.owing) > 0 {
		return fmt.Errorf("cannot store the last changes of %d meetings: %w", len(c.owing), c.failure)
	}
	return nil
}
