package room

import "sync"

// airReport is one call of Config.OnAir.
type airReport struct {
	seat  seat
	onAir bool
}

// announcer calls Config.OnAir in order from a goroutine of its own. Its queue
// has no bound: a caller who holds a lock must never wait for the listener.
type announcer struct {
	tell func(meeting, userID string, onAir bool)
	done chan struct{}

	mu     sync.Mutex
	filled *sync.Cond
	queue  []airReport
	closed bool
}

func startAnnouncer(tell func(string, string, bool)) *announcer {
	a := &announcer{tell: tell, done: make(chan struct{})}
	a.filled = sync.NewCond(&a.mu)
	go a.run()
	return a
}

// announce queues one report and returns at once.
func (a *announcer) announce(s seat, onAir bool) {
	a.mu.Lock()
	a.queue = append(a.queue, airReport{s, onAir})
	a.mu.Unlock()
	a.filled.Signal()
}

func (a *announcer) run() {
	defer close(a.done)
	for {
		reports := a.take()
		if reports == nil {
			return
		}
		for _, report := range reports {
			a.tell(report.seat.meeting, report.seat.user, report.onAir)
		}
	}
}

// take waits for reports; nil means closed and nothing left.
func (a *announcer) take() []airReport {
	a.mu.Lock()
	defer a.mu.Unlock()
	for len(a.queue) == 0 && !a.closed {
		a.filled.Wait()
	}
	reports := a.queue
	a.queue = nil
	return reports
}

// close delivers what is queued and waits for the goroutine.
func (a *announcer) close() {
	a.mu.Lock()
	a.closed = true
	a.mu.Unlock()
	a.filled.Signal()
	<-a.done
}
