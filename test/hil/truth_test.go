//go:build hil

package hil

import (
	"fmt"
	"testing"
	"time"

	"podium/test/hil/guestapi"
)

// sound is the payload type of the podium's sound; the picture has others.
const sound = 111

// The lamp may be wrong for lampLate; slow is what this machine adds to it, which
// is emulated on a host that has other work.
const (
	lampLate = 250 * time.Millisecond
	slow     = 250 * time.Millisecond
	// flashes is how long red is lit at a time while a turn is silent.
	flashes = time.Second
)

// truth is how wrong the red line was, compared with the packets on the wire.
type truth struct {
	dark time.Duration // the longest that packets left while it was dark
	lit  time.Duration // the longest that it stayed lit after a packet, with no other
}

func (h truth) String() string {
	return fmt.Sprintf("dark for %d ms while packets left, lit for %d ms after the last one",
		h.dark.Milliseconds(), h.lit.Milliseconds())
}

// span is a time in which the red line did not change.
type span struct {
	from, to time.Duration
	high     bool
}

// redSpans are the red line's from a moment to now.
func (r *rig) redSpans(t *testing.T, from time.Duration) (spans []span) {
	t.Helper()
	lamps := got[guestapi.Lamps](t)(r.Lamps())
	now := span{from: from}
	for _, c := range lamps.Changes {
		switch {
		case c.Line != guestapi.LineRed:
		case c.At < from:
			now.high = c.High
		default:
			now.to = c.At
			spans = append(spans, now)
			now = span{from: c.At, high: c.High}
		}
	}
	now.to = lamps.Now
	return append(spans, now)
}

// judge compares the line with the packets.
func judge(spans []span, packets []guestapi.Packet) (h truth) {
	for _, s := range spans {
		inside, last := 0, time.Duration(-1)
		for i, p := range packets {
			if p.At > s.to {
				break
			}
			if p.At < s.from {
				last = p.At
				continue
			}
			inside++
			if !s.high {
				h.dark = max(h.dark, p.At-max(s.from, beginning(packets, i)))
			} else if last >= s.from {
				h.lit = max(h.lit, p.At-last)
			}
			last = p.At
		}
		switch {
		case !s.high:
		case inside > 0:
			h.lit = max(h.lit, s.to-last)
		default: // a flash of a turn that is silent: only what is beyond it
			h.lit = max(h.lit, s.to-s.from-flashes)
		}
	}
	return h
}

// beginning is when the flow began that a packet belongs to.
func beginning(packets []guestapi.Packet, i int) time.Duration {
	for ; i > 0 && packets[i].At-packets[i-1].At <= lampLate; i-- {
	}
	return packets[i].At
}

// redIsTrue judges the red line since a moment.
func (r *rig) redIsTrue(t *testing.T, from time.Duration) truth {
	t.Helper()
	h := judge(r.redSpans(t, from), r.left(t, from))
	t.Logf("the red line was %s", h)
	if h.dark > lampLate+slow || h.lit > lampLate+slow {
		t.Errorf("the red line was wrong for more than %s: %s", lampLate+slow, h)
	}
	return h
}

// left are the packets that have left the podium since a moment.
func (r *rig) left(t *testing.T, from time.Duration) []guestapi.Packet {
	t.Helper()
	return got[[]guestapi.Packet](t)(r.Packets(mediaPort, from))
}

// kind are the times of the packets of one kind.
func kind(packets []guestapi.Packet, of string) (at []time.Duration) {
	for _, p := range packets {
		if (p.PayloadType == sound) == (of == "microphone") {
			at = append(at, p.At)
		}
	}
	return at
}

// longest is the longest time without a packet between two moments.
func longest(at []time.Duration, from, to time.Duration) (hole time.Duration) {
	for _, p := range at {
		if p < from || p > to {
			continue
		}
		hole, from = max(hole, p-from), p
	}
	return max(hole, to-from)
}
