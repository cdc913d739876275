package buttons

import (
	"time"

	"podium/hw/header"
)

const (
	// glance is how long the reader waits for an edge at most: it bounds how late
	// the end of a context is seen, and finds a press whose edge was lost.
	glance = 250 * time.Millisecond
	// again is how long the reader waits when a wait took this much too long: the
	// process was held up, and edges may be queued that the wait did not see.
	again = 10 * time.Millisecond
	// backlog is more edges than the kernel keeps for two lines: after so many in
	// a row none is an old one.
	backlog = 64
)

// reader feeds the contacts. A level decides only when no edge is waiting to be
// read; otherwise a bounce that was read late would be a press of its own.
type reader struct {
	inputs   header.Inputs
	fitted   []fitted
	contacts []*contact
	emit     func(Press)
	burst    int  // edges in a row
	overran  bool // the last wait took too long
}

// begin forgets the edges from before and takes the levels as they are.
func (r *reader) begin(timing Timing, now func() time.Time) error {
	for range backlog {
		if _, ok, err := r.inputs.Wait(time.Millisecond); err != nil {
			return err
		} else if !ok {
			break
		}
	}
	levels, err := r.inputs.Levels()
	if err != nil {
		return err
	}
	for i, f := range r.fitted {
		r.contacts = append(r.contacts, newContact(timing, levels[i] == f.activeHigh, now()))
	}
	return nil
}

// step takes one edge, or the levels when there is none.
func (r *reader) step(now func() time.Time) error {
	began := now()
	wait := r.wait(began)
	edge, ok, err := r.inputs.Wait(wait)
	if err != nil {
		return err
	}
	at := now()
	if ok {
		r.tell(edge.Line, at, r.contacts[edge.Line].edge(edge.High == r.fitted[edge.Line].activeHigh, at))
		if r.burst++; r.burst <= backlog {
			return nil
		}
	} else if !r.overran && at.Sub(began) > wait+again {
		r.overran = true
		return nil
	}
	r.burst, r.overran = 0, false
	return r.look(now)
}

// wait is how long the next edge may be waited for.
func (r *reader) wait(now time.Time) time.Duration {
	if r.overran {
		return again
	}
	wait := glance
	for _, c := range r.contacts {
		if due, ok := c.next(); ok {
			wait = min(wait, due.Sub(now))
		}
	}
	return max(wait, time.Millisecond)
}

func (r *reader) look(now func() time.Time) error {
	levels, err := r.inputs.Levels()
	if err != nil {
		return err
	}
	at := now()
	for i, f := range r.fitted {
		r.tell(i, at, r.contacts[i].level(levels[i] == f.activeHigh, at))
	}
	return nil
}

func (r *reader) tell(line int, at time.Time, kinds []Kind) {
	for _, kind := range kinds {
		r.emit(Press{r.fitted[line].button, kind, at})
	}
}
