package steady

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestEachSleepIsCountedOnce(t *testing.T) {
	var total atomic.Int64
	total.Store(int64(time.Hour)) // before we began
	s := NewSleep(func() time.Duration { return time.Duration(total.Load()) })
	var counted []time.Duration
	settle := func() { s.Settle(func(d time.Duration) { counted = append(counted, d) }) }
	settle()
	total.Add(int64(leastSleep - 1)) // what two readings may differ by
	settle()
	if len(counted) != 0 || s.Fresh() != 0 {
		t.Fatalf("counted %v without a sleep", counted)
	}
	total.Add(int64(time.Minute))
	settle()
	settle()
	total.Add(int64(time.Second))
	settle()
	if len(counted) != 2 || counted[0] != time.Minute+leastSleep-1 || counted[1] != time.Second {
		t.Errorf("counted %v", counted)
	}
}

// TestNobodyOvertakesASleep: who comes while one is counted goes on after it.
func TestNobodyOvertakesASleep(t *testing.T) {
	var total atomic.Int64
	s := NewSleep(func() time.Duration { return time.Duration(total.Load()) })
	total.Store(int64(time.Minute))
	counting, hold := make(chan struct{}), make(chan struct{})
	var counted atomic.Bool
	var all sync.WaitGroup
	all.Go(func() {
		s.Settle(func(time.Duration) { close(counting); <-hold; counted.Store(true) })
	})
	<-counting
	for range 5 {
		all.Go(func() {
			s.Settle(func(d time.Duration) { t.Errorf("counted %s again", d) })
			if !counted.Load() {
				t.Error("went on before the sleep was counted")
			}
		})
	}
	close(hold)
	all.Wait()
}

// TestAReadingThatIsOffIsNoSleep: one of two is enough to know better.
func TestAReadingThatIsOffIsNoSleep(t *testing.T) {
	off := true
	s := NewSleep(func() time.Duration { return 0 })
	s.asleep = func() time.Duration {
		if off {
			off = false
			return time.Second
		}
		return 0
	}
	s.Settle(func(d time.Duration) { t.Errorf("counted %s", d) })
}
