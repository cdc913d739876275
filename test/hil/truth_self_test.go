//go:build hil

package hil

import (
	"testing"
	"time"

	"podium/test/hil/guestapi"
)

// TestJudge is about the judge, on lines and packets made up.
func TestJudge(t *testing.T) {
	const ms = time.Millisecond
	flow := func(from, to time.Duration) (packets []guestapi.Packet) {
		for at := from; at <= to; at += 20 * ms {
			packets = append(packets, guestapi.Packet{At: at})
		}
		return packets
	}
	for name, row := range map[string]struct {
		spans   []span
		packets []guestapi.Packet
		want    truth
	}{
		"as it should be": {
			[]span{{0, 110 * ms, false}, {110 * ms, 2200 * ms, true}, {2200 * ms, 5000 * ms, false}},
			flow(100*ms, 2000*ms), truth{0, 200 * ms},
		},
		"late to light": {
			[]span{{0, 900 * ms, false}, {900 * ms, 2000 * ms, true}}, flow(100*ms, 2000*ms), truth{800 * ms, 20 * ms},
		},
		"never out": {
			[]span{{0, 5000 * ms, true}}, flow(0, 2000*ms), truth{0, 3000 * ms},
		},
		"lit over a silence": {
			[]span{{0, 5000 * ms, true}}, append(flow(0, 2000*ms), flow(3000*ms, 5000*ms)...), truth{0, 1000 * ms},
		},
		"out too early": {
			[]span{{0, 500 * ms, true}, {500 * ms, 2000 * ms, false}}, flow(0, 2000*ms), truth{1500 * ms, 20 * ms},
		},
		"flashes in a silent turn": {
			[]span{{0, 1000 * ms, true}, {1000 * ms, 2000 * ms, false}, {2000 * ms, 3010 * ms, true}}, nil, truth{0, 10 * ms},
		},
	} {
		if got := judge(row.spans, row.packets); got != row.want {
			t.Errorf("%s: %+v, want %+v", name, got, row.want)
		}
	}
}
