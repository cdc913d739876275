package verdict

import (
	"strings"
	"testing"
	"time"
)

// lies has these states in a row, each a second long.
func inARow(states ...State) []State {
	for n := range states {
		states[n].At, states[n].Until = time.Duration(n)*time.Second, time.Duration(n+1)*time.Second
	}
	return states
}

func TestLies(t *testing.T) {
	onAir := State{Status: On, Open: true, Red: "on"}
	flashing := State{Status: On, Open: true, Red: "slow"}
	dark := State{Status: On, Open: true, Red: "off"}
	waiting := State{Status: On, Red: "slow"}
	off := State{Status: Off, Red: "off"}
	gone := State{Silent: true}
	for _, row := range []struct {
		name    string
		states  []State
		packets []time.Duration
		want    []string
	}{
		{"on air", inARow(onAir, onAir), stream(0, 2*time.Second), nil},
		{"no packets yet", inARow(flashing, onAir), stream(900*ms, 2*time.Second), nil},
		{"closed in time", inARow(onAir, off), stream(0, 1090*ms), nil},
		{"after the gate was shut", inARow(onAir, off), stream(0, 1200*ms), []string{"packets left while the gate was shut"}},
		{"while it waits for a place", inARow(onAir, waiting), stream(0, 1200*ms), []string{"packets left while the gate was shut"}},
		{"after the lamp", inARow(onAir, dark), stream(0, 1300*ms), []string{"packets left while the red lamp was off"}},
		{"the lamp in time", inARow(onAir, dark), stream(0, 1240*ms), nil},
		{"nobody says anything", inARow(onAir, gone), stream(0, 2*time.Second), nil},
		{"opened again", inARow(onAir, off, onAir), nil, []string{"opened without a press"}},
		{"opened again after silence", inARow(off, gone, onAir), nil, []string{"opened without a press"}},
		{"a new place for the turn", inARow(onAir, waiting, onAir), nil, nil},
	} {
		fits(t, row.name, Lies(row.states, row.packets, 0), row.want)
	}
	late := stream(0, 1200*ms)
	fits(t, "behind a queue", Lies(inARow(onAir, off), late, 100*ms), nil)
	fits(t, "behind a shorter queue", Lies(inARow(onAir, off), late, 50*ms), []string{"packets left while the gate was shut"})
}

func fits(t *testing.T, name string, got, want []string) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %q, want %q", name, got, want)
		return
	}
	for n := range got {
		if !strings.Contains(got[n], want[n]) {
			t.Errorf("%s: %q, want %q", name, got[n], want[n])
		}
	}
}

func TestJudge(t *testing.T) {
	lost := Run{
		Ended: 6 * time.Second, Stage: Off, Podium: State{Status: Off, Reason: "lease_expired"},
		Leaving: Flow{Stopped: true, Last: 4800 * ms}, Heard: Flow{Stopped: true}, Press: 200 * ms,
	}
	kept := Run{
		Ended: 4 * time.Second, Stage: On, Podium: State{Status: On},
		Heard: Flow{Stopped: true, Resumed: true, Back: 4300 * ms},
	}
	change := func(r Run, how func(*Run)) Run { how(&r); return r }
	for _, row := range []struct {
		name string
		run  Run
		want Want
		says []string
	}{
		{"lost as it should be", lost, Want{End: Off, StopBy: 5 * time.Second, Reasons: []string{"left", "lease_expired"}}, nil},
		{"too late", lost, Want{End: Off, StopBy: 4 * time.Second}, []string{"packets left until 4.80 s, want at most 4.00 s"}},
		{"never", change(lost, func(r *Run) { r.Leaving = Flow{} }), Want{StopBy: time.Second}, []string{"until the end"}},
		{"the wrong end", lost, Want{End: On}, []string{"it ended OFF_STAGE, want ON_STAGE"}},
		{"the wrong reason", lost, Want{Reasons: []string{"removed"}}, []string{`"lease_expired", want removed`}},
		{"the press does nothing", change(lost, func(r *Run) { r.Press = 0 }), Want{}, []string{"a new press took for ever"}},
		{"the press is slow", change(lost, func(r *Run) { r.Press = 4 * time.Second }), Want{}, []string{"a new press took 4.00 s"}},
		{"two minds", change(lost, func(r *Run) { r.Podium.Status = On }), Want{}, []string{"the podium says ON_STAGE, the stage OFF_STAGE"}},
		{"left again", change(lost, func(r *Run) { r.Leaving.Resumed = true }), Want{StopBy: 5 * time.Second}, []string{"packets left until the end"}},
		{"heard too long", change(lost, func(r *Run) { r.Heard.Last = 3 * time.Second }), Want{UnheardBy: time.Second}, []string{"heard until 3.00 s"}},
		{"heard again", change(lost, func(r *Run) { r.Heard.Resumed, r.Heard.Back = true, time.Second }), Want{UnheardBy: time.Second}, []string{"the viewer heard until the end"}},
		{"missed", change(lost, func(r *Run) { r.Missed = []string{"a miss"} }), Want{}, []string{"a miss"}},
		{"lies", change(lost, func(r *Run) { r.Lies = []string{"a lie"} }), Want{}, []string{"a lie"}},
		{"kept as it should be", kept, Want{End: On, Steady: true, BackBy: 400 * ms}, nil},
		{"back late", kept, Want{BackBy: 200 * ms}, []string{"back 0.30 s after the fault, want at most 0.20 s"}},
		{"not back", change(kept, func(r *Run) { r.Heard.Resumed = false }), Want{BackBy: time.Second}, []string{"back for ever after"}},
		{"never away", change(kept, func(r *Run) { r.Heard = Flow{} }), Want{BackBy: time.Second}, nil},
		{"back late on a late machine", change(kept, func(r *Run) { r.Late = 100 * ms }), Want{BackBy: 200 * ms}, nil},
		{"a pause of a late machine", change(kept, func(r *Run) { r.Leaving, r.Late = Flow{Stopped: true, Length: 600 * ms}, 200*ms }), Want{Steady: true}, nil},
		{"too late on a late machine", change(lost, func(r *Run) { r.Late = time.Second }), Want{StopBy: 4 * time.Second}, []string{"packets left until 4.80 s"}},
		{"a pause", change(kept, func(r *Run) { r.Leaving = Flow{Stopped: true, Last: time.Second, Length: 600 * ms} }), Want{Steady: true}, []string{"ceased to leave at 1.00 s"}},
	} {
		fits(t, row.name, Judge(row.run, row.want), row.says)
	}
}
