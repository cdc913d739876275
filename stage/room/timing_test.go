package room

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

const ms = time.Millisecond

// TestTimingBeforeAndAfterAReport: what viewers are told is the time of arrival until
// the publisher has told another.
func TestTimingBeforeAndAfterAReport(t *testing.T) {
	start := time.Unix(1_000_000, 0)
	tm := newTiming(90000)
	want := func(what string, after time.Duration, stamp uint32, known bool) {
		t.Helper()
		got, ok := tm.at(start.Add(after))
		if off := int32(got - stamp); ok != known || known && (off < -1 || off > 1) {
			t.Errorf("%s: %d, %t; want %d, %t", what, got, ok, stamp, known)
		}
	}
	want("nothing yet", 0, 0, false)
	tm.tell(500, start) // its report may come first
	want("a report and no packet", 0, 0, false)
	tm.begin()
	tm.forward(10_000, 9_000, start)
	want("a packet", 0, 10_000, true)
	tm.forward(10_000, 9_000, start.Add(30*ms)) // the rest of the same picture
	want("later", 100*ms, 19_000, true)
	tm.forward(13_000, 9_000, start.Add(40*ms)) // it came late
	want("by the newest packet", 40*ms, 13_000, true)
	tm.forward(10_000, 9_000, start.Add(45*ms)) // out of order
	want("not by an old one", 40*ms, 13_000, true)
	tm.tell(1_000, start.Add(-50*ms)) // captured 50 ms before the first packet came
	want("by the report", 0, 1_000+9_000+4_500, true)
	tm.forward(16_000, 9_000, start.Add(2000*ms))
	want("whatever arrives", 0, 14_500, true)
	tm.tell(5_000_000, start) // of another stream, or a clock that is broken
	want("a report that is far from everything", 2000*ms, 16_000, true)
	tm.begin()
	want("another publication, no packet", 0, 0, false)
	tm.forward(200_000, 150_000, start.Add(3000*ms))
	want("another publication", 3000*ms, 200_000, true)
}

// TestForeignClock: whatever a network and two quartzes do, sound and picture stay where
// the publisher's clock has them, and the clock of the room is followed.
func TestForeignClock(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var c foreignClock
		now := time.Unix(1_000_000, 0)
		theirs := time.Unix(rapid.Int64Range(-2_000_000_000, 2_000_000_000).Draw(t, "theirs"), 0)
		drift := rapid.IntRange(-100, 100).Draw(t, "drift in us a second")
		for range rapid.IntRange(1, 200).Draw(t, "reports") {
			if rapid.IntRange(0, 20).Draw(t, "set") == 0 {
				theirs = theirs.Add(time.Duration(rapid.IntRange(-9, 9).Draw(t, "by")) * time.Hour)
			}
			now = now.Add(time.Second)
			theirs = theirs.Add(time.Second + time.Duration(drift)*time.Microsecond)
			late := time.Duration(rapid.IntRange(0, 300).Draw(t, "late")) * ms
			sound := c.at(theirs, now.Add(late))
			picture := c.at(theirs.Add(7*ms), now.Add(late+7*ms))
			if off := picture.Sub(sound) - 7*ms; off.Abs() > clockSlew {
				t.Fatalf("sound and picture are %s off", off)
			}
			if off := sound.Sub(now); off.Abs() > clockStep+300*ms {
				t.Fatalf("the clock is off by %s", off)
			}
		}
	})
}
