//go:build hil

package hil

import (
	"testing"
	"time"

	"podium/test/hil/guestapi"
)

// mediaPort is where the room listens: what goes there leaves the podium.
const mediaPort = "127.0.0.1:8189"

// leaving is what has left the podium since a moment, seen on the wire.
type leaving struct {
	packets     int
	first, last time.Duration
}

// leavingSince returns the RTP of flows that began after from.
func (r *rig) leavingSince(t *testing.T, from time.Duration) (sum leaving) {
	t.Helper()
	for _, f := range got[guestapi.Wire](t)(r.Wire()).Flows {
		if f.To != mediaPort || f.First < from {
			continue
		}
		if sum.packets == 0 || f.First < sum.first {
			sum.first = f.First
		}
		sum.packets += f.Packets
		sum.last = max(sum.last, f.Last)
	}
	return sum
}

// noMedia demands that the wire has carried no RTP at all since a moment.
func (r *rig) noMedia(t *testing.T, from time.Duration) {
	t.Helper()
	for _, f := range got[guestapi.Wire](t)(r.Wire()).Flows {
		if f.Last >= from {
			t.Errorf("RTP on the wire: %+v", f)
		}
	}
}

// silence demands that nothing more leaves while it watches.
func (r *rig) silence(t *testing.T, from time.Duration) leaving {
	t.Helper()
	before := r.leavingSince(t, from)
	r.wait(t, 2*time.Second)
	after := r.leavingSince(t, from)
	if after.packets != before.packets {
		t.Errorf("%d packets left after the end of the turn", after.packets-before.packets)
	}
	return after
}

// now is the machine's time, as in all its timelines.
func (r *rig) now(t *testing.T) time.Duration {
	t.Helper()
	return got[guestapi.Lamps](t)(r.Lamps()).Now
}

// lamp is one lamp's timeline from a moment on.
func (r *rig) lamp(t *testing.T, line string, from time.Duration) (changes []guestapi.LampChange) {
	t.Helper()
	for _, c := range got[guestapi.Lamps](t)(r.Lamps()).Changes {
		if c.Line == line && c.At >= from {
			changes = append(changes, c)
		}
	}
	return changes
}

// redTellsTheTruth compares the red line with the wire over one turn: until the
// first packet has left it may flash (1 s on), never stay lit; afterwards it is
// lit. (It may go back to flashing when an emulated camera stalls: that is true,
// too.)
func (r *rig) redTellsTheTruth(t *testing.T, from time.Duration) {
	t.Helper()
	const flash = 1500 * time.Millisecond // the flash's second, with room for a late timer
	first := r.leavingSince(t, from).first
	if first == 0 {
		t.Fatal("on air, but no packet was on the wire")
	}
	var rose, lit time.Duration
	for _, c := range r.lamp(t, guestapi.LineRed, from) {
		switch {
		case c.High:
			rose = c.At
			if lit == 0 && rose >= first {
				lit = rose
			}
		case rose < first && min(c.At, first)-rose > flash:
			t.Errorf("red was lit from %s to %s, the first packet left at %s", rose, c.At, first)
		}
	}
	if rose == 0 || rose < first && first-rose > flash {
		t.Errorf("red was lit last at %s, the first packet left at %s", rose, first)
	}
	if lit == 0 {
		lit = rose // it was in the flash when the packet left, and stayed
	}
	t.Logf("first packet on the wire at %.3f s, red lit since %.3f s", first.Seconds(), lit.Seconds())
}
