package steady

import (
	"testing"
	"time"
)

func TestNowGoesOnWithoutGosMonotonicPart(t *testing.T) {
	before := Now()
	if before != before.Round(0) {
		t.Error("a reading carries Go's monotonic clock, which would be compared instead of ours")
	}
	began := time.Now()
	for time.Since(began) < 2*time.Millisecond {
	}
	if d := Now().Sub(before); d < 2*time.Millisecond {
		t.Errorf("2 ms later %s have passed", d)
	}
}

// TestAsleepStandsStillWhileAwake: what no machine that runs a test can do is to
// sleep; the virtual podium does (test/hil).
func TestAsleepStandsStillWhileAwake(t *testing.T) {
	before := Asleep()
	for began := time.Now(); time.Since(began) < 5*time.Millisecond; {
		if d := (Asleep() - before).Abs(); d > time.Second {
			t.Fatalf("asleep for %s more while running", d)
		}
	}
}

func BenchmarkNow(b *testing.B) {
	for b.Loop() {
		Now()
	}
}
