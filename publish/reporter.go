package publish

import (
	"slices"
	"sync"
)

// reporter tells the owner, in order and from one goroutine, and forgets what a
// publication that has ended still wanted to tell.
type reporter struct {
	report func(Event)
	wake   chan struct{}
	done   chan struct{} // closed when the goroutine has ended

	mu      sync.Mutex // guards all below
	queue   []entry
	shown   bool // the last Flowing that was told
	flowing bool // the last Flowing that was told or waits
	faults  map[string]known
	stopped bool
}

// known is the fault of a device that was told last.
type known struct {
	text string
	from *publication
}

// entry is an event that waits; from is nil when it stands for itself.
type entry struct {
	event Event
	from  *publication
}

func startReporter(report func(Event)) *reporter {
	r := &reporter{
		report: report, wake: make(chan struct{}, 1), done: make(chan struct{}), faults: map[string]known{},
	}
	go r.run()
	return r
}

func (r *reporter) run() {
	defer close(r.done)
	for {
		e, ok, stopped := r.next()
		switch {
		case ok:
			r.report(e)
		case stopped:
			return
		default:
			<-r.wake
		}
	}
}

func (r *reporter) next() (e Event, ok, stopped bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.queue) == 0 {
		return nil, false, r.stopped
	}
	e = r.queue[0].event
	r.queue = slices.Delete(r.queue, 0, 1)
	if f, is := e.(Flowing); is {
		r.shown = f.On
	}
	return e, true, false
}

// add queues an event. r.mu is held.
func (r *reporter) add(e Event, from *publication) {
	if f, ok := e.(Flowing); ok {
		r.flowing = f.On
	}
	r.queue = append(r.queue, entry{e, from})
	r.signal()
}

func (r *reporter) signal() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// stop lets the goroutine end when all is told.
func (r *reporter) stop() {
	r.mu.Lock()
	r.stopped = true
	r.mu.Unlock()
	r.signal()
}

// flow tells that packets of b flow, or that they ceased to.
func (r *reporter) flow(b *publication, on bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !b.mute && r.flowing != on {
		r.add(Flowing{on}, b)
	}
}

// fault tells that a device of b is out of order, unless b has said so. The next
// publication says it again: its owner may have forgotten the fault of the last.
func (r *reporter) fault(b *publication, device string, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	news := known{err.Error(), b}
	if b.mute || r.faults[device] == news {
		return
	}
	r.faults[device] = news
	r.add(Fault{device, err}, nil)
}

// works tells that a device of b is in order again, if it was not.
func (r *reporter) works(b *publication, device string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, out := r.faults[device]; out && !b.mute {
		delete(r.faults, device)
		r.add(FaultCleared{device}, nil)
	}
}

// lose tells that b is over, and lets it tell nothing any more.
func (r *reporter) lose(b *publication, l Lost) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if b.mute {
		return
	}
	r.hush(b)
	r.add(l, b)
}

// end takes back what b still wanted to tell, but for the end of its flow.
func (r *reporter) end(b *publication) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.hush(b)
}

// hush drops what waits of b and tells the end of its flow. r.mu is held.
func (r *reporter) hush(b *publication) {
	b.mute = true
	r.queue = slices.DeleteFunc(r.queue, func(e entry) bool { return e.from == b })
	r.flowing = r.shown
	for _, e := range r.queue {
		if f, ok := e.event.(Flowing); ok {
			r.flowing = f.On
		}
	}
	if r.flowing {
		r.add(Flowing{false}, nil)
	}
}
