package room

import (
	"testing"
	"time"

	"github.com/pion/rtp"
	"pgregory.net/rapid"
)

func TestSpliceContinuesTheClock(t *testing.T) {
	s, at := newSplice(90000), time.Now()
	send := func(seq uint16, stamp uint32, now time.Time) rtp.Header {
		h := rtp.Header{SequenceNumber: seq, Timestamp: stamp}
		if !s.rewrite(&h, now) {
			t.Fatalf("packet %d was refused", seq)
		}
		return h
	}
	s.begin()
	a := send(10, 1000, at)
	b := send(11, 4000, at.Add(time.Second/30))
	if b.SequenceNumber-a.SequenceNumber != 1 || b.Timestamp-a.Timestamp != 3000 {
		t.Errorf("within a publication %+v follows %+v", b, a)
	}
	s.begin()
	c := send(60000, 7, at.Add(time.Second/30+2*time.Second))
	if c.SequenceNumber-b.SequenceNumber != 1 || c.Timestamp-b.Timestamp != 180000 {
		t.Errorf("after two seconds %+v follows %+v", c, b)
	}
	early := rtp.Header{SequenceNumber: 59999, Timestamp: 6}
	if s.rewrite(&early, at.Add(3*time.Second)) {
		t.Error("a packet from before the publication's first took a number of the former one")
	}
}

// TestSpliceNeverRepeatsANumber sends publications of any start and length with
// packets out of order, and looks at the numbers that come out.
func TestSpliceNeverRepeatsANumber(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, now := newSplice(48000), time.Now()
		var top uint64 // extended sequence number
		started := false
		seen := map[uint64]bool{}
		for range rapid.IntRange(1, 5).Draw(t, "publications") {
			s.begin()
			base := rapid.Uint16().Draw(t, "first")
			floor := top
			for n := range rapid.SampledFrom([]int{1, 3, 40, 70000}).Draw(t, "packets") {
				now = now.Add(20 * time.Millisecond)
				seq := base + uint16(n)
				if n%10 == 4 {
					seq++ // swapped with its successor
				} else if n%10 == 5 {
					seq--
				}
				h := rtp.Header{SequenceNumber: seq, Timestamp: uint32(n) * 960}
				if !s.rewrite(&h, now) {
					t.Fatalf("packet %d of a publication was refused", n)
				}
				if !started {
					top, started = 1<<16+uint64(h.SequenceNumber), true
				}
				full := uint64(int64(top) + int64(int16(h.SequenceNumber-uint16(top))))
				if seen[full] || (floor != 0 && full <= floor) {
					t.Fatalf("number %d came out again", full)
				}
				seen[full] = true
				top = max(top, full)
			}
		}
	})
}
