package rig

import (
	"fmt"
	"slices"
	"time"
)

// Times are measured lengths, in any order.
type Times []time.Duration

// At gives the time that the share q of all stays below, 0 to 1; 0 when there are
// none.
func (t Times) At(q float64) time.Duration {
	if len(t) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(t))
	return sorted[min(len(t)-1, int(q*float64(len(t))))]
}

// String tells the middle and the slow end.
func (t Times) String() string {
	if len(t) == 0 {
		return "nothing measured"
	}
	return fmt.Sprintf("p50 %s, p99 %s, worst %s ms (n=%d)", Ms(t.At(0.5)), Ms(t.At(0.99)), Ms(t.At(1)), len(t))
}

// Ms gives milliseconds with one decimal.
func Ms(d time.Duration) string { return fmt.Sprintf("%.1f", float64(d)/float64(time.Millisecond)) }
