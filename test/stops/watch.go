package main

import (
	"sync"
	"time"
)

// watch is a sleeper that notes how much later than asked it was woken: what a
// process that does nothing meets on this machine, the podium meets too.
type watch struct {
	over, ended chan struct{}

	mu     sync.Mutex
	stalls []stall // those of note, oldest first
}

type stall struct {
	at   time.Time // when it was over
	long time.Duration
}

const (
	napLength   = time.Millisecond
	worthNoting = 3 * time.Millisecond
	stallsKept  = 4096
)

func startWatch() *watch {
	w := &watch{over: make(chan struct{}), ended: make(chan struct{})}
	go w.run()
	return w
}

func (w *watch) run() {
	defer close(w.ended)
	for {
		slept := time.Now()
		select {
		case <-w.over:
			return
		case <-time.After(napLength):
		}
		if now := time.Now(); now.Sub(slept) > napLength+worthNoting {
			w.mu.Lock()
			w.stalls = append(w.stalls[max(0, len(w.stalls)-stallsKept):], stall{now, now.Sub(slept) - napLength})
			w.mu.Unlock()
		}
	}
}

// worst gives the longest stall that was over in a span of time.
func (w *watch) worst(from, to time.Time) (long time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range w.stalls {
		if s.at.After(from) && s.at.Before(to) {
			long = max(long, s.long)
		}
	}
	return long
}

func (w *watch) stop() { close(w.over); <-w.ended }
