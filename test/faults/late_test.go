//go:build faults

package faults

import (
	"context"
	"sync/atomic"
	"testing"
	"time"
)

// lateness finds how late the machine lets a timer run: as late may be whatever the
// processes do, and that is not their fault.
type lateness struct {
	worst atomic.Int64 // a time.Duration
}

func watchMachine(t *testing.T) *lateness {
	l := &lateness{}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		const every = 10 * time.Millisecond
		for ctx.Err() == nil {
			asleep := time.Now()
			time.Sleep(every)
			l.worst.Store(max(l.worst.Load(), int64(time.Since(asleep)-every)))
		}
	}()
	t.Cleanup(func() { stop(); <-done })
	return l
}

// reset forgets what was.
func (l *lateness) reset() { l.worst.Store(0) }

func (l *lateness) most() time.Duration { return time.Duration(l.worst.Load()) }
