package verdict

import (
	"testing"
	"time"
)

const ms = time.Millisecond

// stream is packets every 20 ms.
func stream(from, to time.Duration) (times []time.Duration) {
	for at := from; at < to; at += 20 * ms {
		times = append(times, at)
	}
	return times
}

func TestFlowOf(t *testing.T) {
	const end, ended = 10 * time.Second, 4 * time.Second
	for _, row := range []struct {
		name    string
		packets []time.Duration
		want    Flow
	}{
		{"went on", stream(-time.Second, end), Flow{Longest: 20 * ms}},
		{"small holes", append(stream(20*ms, 4*time.Second), stream(4400*ms, end)...), Flow{Longest: 420 * ms}},
		{"stopped at once", stream(-time.Second, 0), Flow{Stopped: true, Length: end, Longest: end}},
		{"no packet at all", nil, Flow{Stopped: true, Length: end, Longest: end}},
		{"stopped later", stream(20*ms, 4*time.Second), Flow{Stopped: true, Last: 3980 * ms, Length: 6020 * ms, Longest: 6020 * ms}},
		{"came back", append(stream(20*ms, 2*time.Second), stream(5*time.Second, end)...),
			Flow{Stopped: true, Last: 1980 * ms, Resumed: true, Back: 5 * time.Second, Length: 3020 * ms, Longest: 3020 * ms}},
		{"away from the beginning, and back", stream(3*time.Second, end),
			Flow{Stopped: true, Resumed: true, Back: 3 * time.Second, Length: 3 * time.Second, Longest: 3 * time.Second}},
		{"back, and away again", append(stream(20*ms, time.Second), stream(5*time.Second, 6*time.Second)...),
			Flow{Stopped: true, Last: 5980 * ms, Length: 4020 * ms, Longest: 4020 * ms}},
		{"twice away", append(append(stream(20*ms, time.Second), stream(2*time.Second, 3*time.Second)...), stream(4*time.Second, end)...),
			Flow{Stopped: true, Last: 2980 * ms, Resumed: true, Back: 4 * time.Second, Length: 1020 * ms, Longest: 1020 * ms}},
		{"a hole soon after the fault", append(stream(20*ms, 4700*ms), stream(5300*ms, end)...),
			Flow{Stopped: true, Last: 4680 * ms, Resumed: true, Back: 5300 * ms, Length: 620 * ms, Longest: 620 * ms}},
		{"a hole long after the fault", append(append(stream(20*ms, time.Second), stream(2*time.Second, 5*time.Second)...), stream(5600*ms, end)...),
			Flow{Stopped: true, Last: 980 * ms, Resumed: true, Back: 2 * time.Second, Length: 1020 * ms, Longest: 1020 * ms}},
		{"what comes after the watch", append(stream(20*ms, 9*time.Second), stream(11*time.Second, 12*time.Second)...),
			Flow{Stopped: true, Last: 8980 * ms, Length: 1020 * ms, Longest: 1020 * ms}},
	} {
		if got := FlowOf(row.packets, ended, end); got != row.want {
			t.Errorf("%s: %+v, want %+v", row.name, got, row.want)
		}
	}
}
