package reports

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestNTP(t *testing.T) {
	// RFC 5905, figure 4: the first day of UNIX.
	if got := NTP(time.Unix(0, 500_000_000)); got != 2208988800<<32|1<<31 {
		t.Errorf("1970 is %x", got)
	}
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(ntpEpoch, 2085978495).Draw(t, "s"), rapid.Int64Range(0, 999_999_999).Draw(t, "ns"))
		if got := Time(NTP(at)); got.Sub(at).Abs() > time.Nanosecond {
			t.Errorf("%s comes back as %s", at, got)
		}
	})
}

func TestLine(t *testing.T) {
	const ms = time.Millisecond
	start := time.Unix(1_000_000, 0)
	for name, row := range map[string]struct {
		stamp uint32        // of the second point, 1 s after the first, which is 4294967000
		at    time.Duration // when it was
		ask   time.Duration
		want  uint32
	}{
		"as expected":         {4294967000 - 1<<32 + 48000, 1000 * ms, 1000 * ms, 47704},
		"before the point":    {4294967000 - 1<<32 + 48000, 1000 * ms, 990 * ms, 47224},
		"a bit late":          {4294967000 - 1<<32 + 48000, 1064 * ms, 1000 * ms, 47656}, // 1 ms of 64
		"a bit early":         {4294967000 - 1<<32 + 48000, 936 * ms, 1000 * ms, 47752},
		"somewhere else":      {4294967000 - 1<<32 + 48000, 1500 * ms, 1000 * ms, 47704}, // not believed
		"from before, by RTP": {4294967000 - 480, -10 * ms, 0, 4294967000},
	} {
		l := Line{Rate: 48000}
		if _, ok := l.At(start); ok {
			t.Errorf("%s: an empty line has a time", name)
		}
		l.Near(4294967000, start)
		l.Near(row.stamp, start.Add(row.at))
		if got, ok := l.At(start.Add(row.ask)); !ok || got != row.want {
			t.Errorf("%s: %d, %t; want %d", name, got, ok, row.want)
		}
	}
}

// TestLineThatIsElsewhere: one block that a busy machine has read late does not move the
// line; a clock that has moved does.
func TestLineThatIsElsewhere(t *testing.T) {
	l, start := Line{Rate: 48000}, time.Unix(1_000_000, 0)
	at := func(block int) time.Time { return start.Add(time.Duration(block) * 20 * time.Millisecond) }
	read := func(block int, late time.Duration) { l.Near(uint32(block)*960, at(block).Add(late)) }
	off := func(block int) int32 { stamp, _ := l.At(at(block)); return int32(stamp) - int32(block)*960 }
	for block := range 100 {
		late := time.Duration(0)
		if block%10 > 6 {
			late = 300 * time.Millisecond
		}
		if read(block, late); off(block) != 0 {
			t.Fatalf("block %d has moved the line by %d samples", block, off(block))
		}
	}
	for block := 100; block < 105; block++ {
		read(block, 300*time.Millisecond)
	}
	if got := off(105); got != -14400 {
		t.Errorf("after five blocks elsewhere the line is off by %d samples, want -14400", got)
	}
}

// TestLineOfSound: blocks whose times are read late by up to 10 ms give a line that is
// steadier than they are.
func TestLineOfSound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l, start := Line{Rate: 48000}, time.Unix(1_000_000, 0)
		late := rapid.SliceOfN(rapid.IntRange(0, 10_000), 1, 40).Draw(t, "late")
		for i, us := range late {
			at := start.Add(time.Duration(i) * 20 * time.Millisecond)
			before, ok := l.At(at)
			l.Near(uint32(i)*960, at.Add(time.Duration(us)*time.Microsecond))
			after, _ := l.At(at)
			if step := int32(after - before); ok && (step > 9 || step < -9) { // 10 ms / 64, rounded
				t.Fatalf("block %d moved the line by %d samples", i, step)
			}
		}
	})
}
