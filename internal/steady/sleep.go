package steady

import (
	"sync"
	"sync/atomic"
	"time"
)

// leastSleep is the shortest sleep that is believed: the two clocks that tell of it
// cannot be read at one moment.
const leastSleep = 50 * time.Millisecond

// Sleep notices that the machine was suspended, for who measures silence by Go's
// monotonic clock: it stands still meanwhile, with every timer. Its methods may be
// called from any goroutine.
type Sleep struct {
	asleep func() time.Duration

	mu      sync.Mutex   // held while a sleep is counted
	counted atomic.Int64 // in ns; written under mu
}

// NewSleep begins to look. asleep tells for how long the machine has slept in all;
// nil: Asleep.
func NewSleep(asleep func() time.Duration) *Sleep {
	if asleep == nil {
		asleep = Asleep
	}
	s := &Sleep{asleep: asleep}
	s.counted.Store(int64(asleep()))
	return s
}

// Fresh gives how long the machine slept since a sleep was counted last; 0: not at
// all.
func (s *Sleep) Fresh() time.Duration {
	if d := s.asleep() - time.Duration(s.counted.Load()); d >= leastSleep {
		return d
	}
	return 0
}

// Settle calls count once for each sleep, before anything is done that came after
// it: who calls Settle meanwhile waits. It costs two readings of a clock when there
// was none. count may not call Settle.
func (s *Sleep) Settle(count func(d time.Duration)) {
	if s.Fresh() == 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	d := min(s.Fresh(), s.Fresh()) // twice: a reading may be off by what came between its clocks
	if d == 0 {
		return
	}
	count(d)
	s.counted.Add(int64(d))
}
