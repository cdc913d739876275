package appliance

import (
	"slices"
	"testing"
	"time"

	"podium/stage"
)

// TestEachCauseClosesTheGate has a row for each cause, alone, against a state that
// is on the air.
func TestEachCauseClosesTheGate(t *testing.T) {
	for _, row := range []struct {
		cause  Cause // empty: nothing speaks against
		change func(*State)
		goesOn bool // the turn
	}{
		{"", func(*State) {}, true},
		{CauseStopping, func(s *State) { s.stopping = true }, false},
		{CauseNoTurn, func(s *State) { s.turn = turn{} }, false},
		{CauseNotOnStage, func(s *State) { s.status = stage.Accepted }, false},
		{CauseNotOnStage, func(s *State) { s.status = "" }, false},
		{CauseLeaseOver, func(s *State) { s.heardAt = s.heardAt.Add(-s.lease) }, false},
		{CauseNoLamps, func(s *State) { s.setFault(Fault{Part: PartLamps, Text: "busy"}) }, false},
		{CauseSuspended, func(s *State) { s.turn.suspended = true }, true},
		{CauseNoPlace, func(s *State) { s.turn.place = nil }, true},
	} {
		c := speaking(t)
		row.change(&c.s)
		against := c.s.gate(c.now)
		var causes []Cause
		for _, r := range against {
			if causes = append(causes, r.Reason); r.Text == "" {
				t.Errorf("%s: nothing is said for a person", row.cause)
			}
		}
		if want := []Cause{row.cause}; row.cause != "" && !slices.Equal(causes, want) || row.cause == "" && causes != nil {
			t.Errorf("against an open gate: %q, want %q", causes, want)
		}
		if mayGoOn(against) != row.goesOn {
			t.Errorf("%q: the turn goes on: %t", row.cause, !row.goesOn)
		}
		if _, ok := c.s.Permit(c.now); ok != (row.cause == "") {
			t.Errorf("%q: permitted: %t", row.cause, ok)
		}
	}
}

// TestANewPodiumIsClosed: the default.
func TestANewPodiumIsClosed(t *testing.T) {
	for _, s := range []State{{}, NewState(Options{}), NewState(Options{PressToJoin: true})} {
		if until, ok := s.Permit(start); ok || !until.IsZero() {
			t.Errorf("%+v is permitted until %s", s, until)
		}
	}
}

// TestNoPermitOutlastsTheLease: near its end the permit is shorter.
func TestNoPermitOutlastsTheLease(t *testing.T) {
	c := speaking(t)
	heard := c.now
	for _, row := range []struct{ after, want time.Duration }{
		{0, permitLength}, {2900 * time.Millisecond, permitLength}, {3 * time.Second, 2 * time.Second},
		{4 * time.Second, time.Second}, {4999 * time.Millisecond, time.Millisecond},
	} {
		until, ok := c.s.Permit(heard.Add(row.after))
		if got := until.Sub(heard.Add(row.after)); !ok || got != row.want {
			t.Errorf("%s after the last word: permitted for %s (%t), want %s", row.after, got, ok, row.want)
		}
	}
	if _, ok := c.s.Permit(heard.Add(5 * time.Second)); ok {
		t.Error("permitted at the lease's end")
	}
}

// TestWhatWasHeardEarlierDoesNotRenewTheLeaseFromNow: a loop that was held up finds
// old words in its queue.
func TestWhatWasHeardEarlierDoesNotRenewTheLeaseFromNow(t *testing.T) {
	c := speaking(t)
	heard := c.now
	c.now = heard.Add(4 * time.Second)
	c.feed(Heard{At: heard.Add(time.Second)})
	if got, want := c.s.leaseEnd(), heard.Add(6*time.Second); !got.Equal(want) {
		t.Errorf("the lease ends %s later than it should", got.Sub(want))
	}
	c.feed(Heard{At: heard}) // out of order
	c.feed(Heard{At: c.now.Add(time.Hour)})
	if got, want := c.s.leaseEnd(), c.now.Add(5*time.Second); !got.Equal(want) {
		t.Errorf("a word of the future moves the lease by %s", got.Sub(want))
	}
}
