package verdict

import (
	"strings"
	"testing"
	"time"
)

func TestTable(t *testing.T) {
	dark := State{Status: Off, Reason: "left", Red: "off", Green: "off"}
	lit := State{Status: On, Open: true, Red: "on", Green: "off"}
	runs := []Run{
		{Row: "cut of 1 s", Stage: On, Podium: lit, During: lit, Ended: time.Second, Heard: Flow{Stopped: true, Resumed: true, Back: 1010 * ms}},
		{Row: "cut of 6 s", Again: true, Stage: Off, Podium: dark, During: State{Silent: true}, Ended: 9 * time.Second,
			Leaving: Flow{Stopped: true, Last: 4900 * ms}, Heard: Flow{Stopped: true}, Press: 200 * ms, Wrong: []string{"one", "two"}},
		{Row: "cut of 4 s", Again: true, Second: "the host kicks", Stage: On, Podium: dark, During: lit, Heard: Flow{Stopped: true}},
		{Row: "killed", Stage: On, Podium: lit, During: lit, Ended: 2 * time.Second, Heard: Flow{Stopped: true, Resumed: true, Back: time.Second}},
		{Row: "late", Stage: On, Podium: lit, During: lit},
	}
	want := []string{
		"| cut of 1 s |  | went on | 0.00 s | 0.01 s | on / off, then on / off | ON_STAGE | as expected |",
		"| cut of 6 s | the same again | 4.90 s | 0.00 s | by a press, 0.20 s | no answer, then off / off | OFF_STAGE, left | **wrong**: one; two |",
		"| cut of 4 s | the host kicks | went on | 0.00 s | no | on / off, then off / off | OFF_STAGE (the stage: ON_STAGE) | as expected |",
		"| killed |  | went on | 0.00 s | 1.00 s before its end | on / off, then on / off | ON_STAGE | as expected |",
		"| late |  | went on | went on | not missed | on / off, then on / off | ON_STAGE | as expected |",
	}
	lines := strings.Split(strings.TrimSpace(Table(runs)), "\n")
	if len(lines) != len(want)+2 {
		t.Fatalf("%d lines:\n%s", len(lines), strings.Join(lines, "\n"))
	}
	for n, line := range want {
		if lines[n+2] != line {
			t.Errorf("line %d is\n%s\nwant\n%s", n, lines[n+2], line)
		}
	}
	if got := Line(runs[1]); !strings.HasPrefix(got, "cut of 6 s, and in it the same again: OFF_STAGE, left; last packet 4.90 s; sound back by a press, 0.20 s;") {
		t.Errorf("line %q", got)
	}
}
