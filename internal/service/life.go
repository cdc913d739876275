package service

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"strconv"
	"time"

	"github.com/mdlayher/sdnotify"
)

// The service manager's side of the watchdog (sd_watchdog_enabled(3)).
const (
	watchdogUsec = "WATCHDOG_USEC"
	watchdogPID  = "WATCHDOG_PID"
	alive        = "WATCHDOG=1"
	// pings is how many are due within the manager's limit.
	pings = 4
)

// life tells the service manager of what a loop says of itself (sd_notify(3)). The
// words leave by a goroutine: a manager that hangs holds no loop up.
type life struct {
	notifier *sdnotify.Notifier // nil: there is no manager
	every    time.Duration      // 0: there is no watchdog
	log      *slog.Logger
	words    chan string
	beats    chan struct{}
	over     chan struct{} // closed by close
	done     chan struct{} // closed when the goroutine has ended
}

// newLife finds the service manager by the environment, and takes it out of there,
// so that no child answers for us. The caller ends it with close.
func newLife(log *slog.Logger) *life {
	l := &life{
		log: log, words: make(chan string, 4), beats: make(chan struct{}, 1),
		over: make(chan struct{}), done: make(chan struct{}),
	}
	n, err := sdnotify.New()
	if err != nil && os.Getenv(sdnotify.Socket) != "" {
		log.Warn("cannot tell the service manager anything", "socket", os.Getenv(sdnotify.Socket), "err", err)
	}
	if n != nil {
		l.notifier = n
		if l.every, err = watchdogEvery(os.Getenv(watchdogUsec), os.Getenv(watchdogPID)); err != nil {
			log.Warn("no watchdog", "err", err)
		}
	}
	for _, key := range []string{sdnotify.Socket, watchdogUsec, watchdogPID} {
		_ = os.Unsetenv(key)
	}
	go l.run()
	return l
}

// watchdogEvery gives how often the manager has to be told that we live; 0: never.
func watchdogEvery(usec, pid string) (time.Duration, error) {
	if usec == "" || (pid != "" && pid != strconv.Itoa(os.Getpid())) {
		return 0, nil
	}
	n, err := strconv.ParseInt(usec, 10, 64)
	if err != nil || n <= 0 || n > int64(time.Duration(1<<63-1)/time.Microsecond) {
		return 0, fmt.Errorf("cannot read %s=%q: it has to be a number of microseconds above 0", watchdogUsec, usec)
	}
	return time.Duration(n) * time.Microsecond / pings, nil
}

// Ready, Alive, Every and Stopping meet appliance.Life.
func (l *life) Ready() { l.say(sdnotify.Ready) }

// Alive is said on at most every half of Every.
func (l *life) Alive() {
	if l.every == 0 {
		return
	}
	select {
	case l.beats <- struct{}{}:
	default: // the last one is not told yet
	}
}

// Every is a quarter of what the manager waits for.
func (l *life) Every() time.Duration { return l.every }

// Stopping is said behind what was said before.
func (l *life) Stopping() { l.say(sdnotify.Stopping) }

func (l *life) say(word string) {
	select {
	case l.words <- word:
	default: // the manager takes nothing
	}
}

func (l *life) run() {
	defer close(l.done)
	var told time.Time
	for {
		select {
		case word := <-l.words:
			l.notify(word)
		case <-l.beats:
			if time.Since(told) >= l.every/2 {
				told = time.Now()
				l.notify(alive)
			}
		case <-l.over:
			for len(l.words) > 0 {
				l.notify(<-l.words)
			}
			return
		}
	}
}

func (l *life) notify(word string) {
	if err := l.notifier.Notify(word); err != nil {
		l.log.Warn("cannot tell the service manager", "word", word, "err", err)
	}
}

// watchOver tells that a service lives for as long as it responds, until the context
// ends.
func watchOver(ctx context.Context, l *life, responds func() bool) {
	if l.every == 0 {
		return
	}
	look := time.NewTicker(l.every)
	defer look.Stop()
	for {
		if responds() {
			l.Alive()
		}
		select {
		case <-look.C:
		case <-ctx.Done():
			return
		}
	}
}

// close waits for at most limit until everything is told.
func (l *life) close(limit time.Duration) {
	close(l.over)
	select {
	case <-l.done:
		_ = l.notifier.Close()
	case <-time.After(limit):
	}
}
