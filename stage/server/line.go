package server

import (
	"slices"
	"sync"
	"time"

	"podium/stage"
)

// parcel is what one step tells and to whom. It is packed under the meeting's
// lock, and opened when what the step has changed is stored.
type parcel struct {
	acts   []func(*listeners) // in order
	saved  stage.Saved
	opened chan struct{} // closed then; nil: nobody waits for it
	handed time.Time     // when it began to wait for the store
}

// put adds one thing to be done when the parcel is opened.
func (p *parcel) put(act func(*listeners)) { p.acts = append(p.acts, act) }

// line is a meeting's way out: the parcels of its steps leave it in the order of
// the steps. One whose change has to be stored waits, and those behind it too; the
// meeting goes on meanwhile.
type line struct {
	mu        sync.Mutex
	listeners listeners
	waiting   []*parcel
	unsaved   stage.Saved // of opened parcels: what the store did not take
}

// hand takes a step's parcel, and opens it if nothing has to be stored first.
func (l *line) hand(p *parcel) (opened bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.waiting) == 0 && p.saved.Empty() {
		l.open(p)
		return true
	}
	p.handed = time.Now()
	l.waiting = append(l.waiting, p)
	return false
}

// collect gives what is to be stored before the first n parcels may be opened.
func (l *line) collect() (n int, saved stage.Saved) {
	l.mu.Lock()
	defer l.mu.Unlock()
	saved = l.unsaved
	for _, p := range l.waiting {
		saved = merge(saved, p.saved)
	}
	return len(l.waiting), saved
}

// release opens the first n parcels, and those behind them that need no storing.
// What could not be stored stays owed.
func (l *line) release(n int, owed stage.Saved) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.unsaved = owed
	for len(l.waiting) > 0 && (n > 0 || l.waiting[0].saved.Empty()) {
		l.open(l.waiting[0])
		l.waiting[0] = nil
		l.waiting = l.waiting[1:]
		n--
	}
}

func (l *line) open(p *parcel) {
	for _, act := range p.acts {
		act(&l.listeners)
	}
	if p.opened != nil {
		close(p.opened)
	}
}

// idle reports whether everything has been told and stored.
func (l *line) idle() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.waiting) == 0 && l.unsaved.Empty()
}

// owed gives the ended turns that have been told, and that the store did not take.
func (l *line) owed() []stage.Entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.unsaved.Record)
}
