package appliance

import "slices"

// looks bounds how often Status tries to see state and media of one and the same
// step.
const looks = 8

// Status tells what the podium is doing and why.
func (p *Podium) Status() Status {
	status, before := p.look()
	for range looks {
		status.Media = p.cfg.Publisher.Media() // outside the lock: the loop waits for no driver
		again, after := p.look()
		if after == before {
			break
		}
		again.Media = status.Media
		status, before = again, after
	}
	if shut := status.Media.Closed; shut != nil && status.Gate.Open {
		status.Gate = newGate([]Reason{*shut})
	}
	if p.cfg.Machine != nil {
		status.Machine = p.cfg.Machine()
	}
	status.Meeting, status.UserID, status.Server = p.cfg.Identity.Meeting, p.cfg.Identity.UserID, p.cfg.Identity.Server
	return status
}

// look gives what the last step left, and the number of the step.
func (p *Podium) look() (Status, uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.seen.View(p.cfg.Now()), p.done
}

// Trace gives the last steps, oldest first.
func (p *Podium) Trace() []TraceStep {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.steps)
}

// Watch gives a channel that is signalled after a step; stop ends it.
func (p *Podium) Watch() (changed <-chan struct{}, stop func()) {
	w := make(chan struct{}, 1)
	p.mu.Lock()
	p.watchers[w] = struct{}{}
	p.mu.Unlock()
	return w, func() {
		p.mu.Lock()
		delete(p.watchers, w)
		p.mu.Unlock()
	}
}
