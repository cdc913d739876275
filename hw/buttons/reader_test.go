package buttons

import (
	"slices"
	"testing"
	"time"

	"podium/hw/header"
)

// scripted answers waits one after the other; each takes its time.
type scripted struct {
	now   time.Time
	waits []wait
	high  bool
}

type wait struct {
	takes time.Duration // 0: as long as was asked
	edge  bool
	high  bool
}

func (s *scripted) Wait(atMost time.Duration) (header.Edge, bool, error) {
	w := wait{}
	if len(s.waits) > 0 {
		w, s.waits = s.waits[0], s.waits[1:]
	}
	if w.takes == 0 && !w.edge {
		w.takes = atMost
	}
	s.now = s.now.Add(w.takes)
	return header.Edge{High: w.high}, w.edge, nil
}

func (s *scripted) Levels() ([]bool, error) { return []bool{s.high}, nil }
func (s *scripted) Close() error            { return nil }
func (s *scripted) clock() time.Time        { return s.now }

// A process that is held up while a button bounces on its way up sees its wait end
// first and the bounce after it. That must not be a second press.
func TestHeldUpWhileBouncing(t *testing.T) {
	s := &scripted{now: zero, high: true}
	var got []Kind
	r := reader{inputs: s, fitted: []fitted{{Request, false}}, emit: func(p Press) { got = append(got, p.Kind) }}
	if err := r.begin(Timing{}, s.clock); err != nil {
		t.Fatal(err)
	}
	s.waits = []wait{
		{edge: true, high: false},       // pressed
		{takes: 30 * time.Millisecond},  // the lock-out is over: still down
		{edge: true, high: true},        // on its way up
		{takes: 300 * time.Millisecond}, // held up; meanwhile it bounced
		{edge: true, high: false},
		{edge: true, high: true},
	}
	levels := []bool{true, false, true, true, true, true, true, true, true, true}
	for _, s.high = range levels {
		if err := r.step(s.clock); err != nil {
			t.Fatal(err)
		}
	}
	if want := []Kind{Pressed, Released}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// Edges without end on a broken line do not keep the levels from being read.
func TestEdgesWithoutEnd(t *testing.T) {
	s := &scripted{now: zero, high: true}
	var got []Kind
	r := reader{inputs: s, fitted: []fitted{{Request, false}}, emit: func(p Press) { got = append(got, p.Kind) }}
	if err := r.begin(Timing{}, s.clock); err != nil {
		t.Fatal(err)
	}
	s.high = false
	for i := range 4000 {
		s.waits = []wait{{takes: time.Millisecond, edge: true, high: i%2 == 1}}
		if err := r.step(s.clock); err != nil {
			t.Fatal(err)
		}
	}
	if len(got) == 0 || got[0] != Pressed || slices.Contains(got[1:], Pressed) {
		t.Errorf("got %v, want one press", got)
	}
	if r.burst > backlog {
		t.Errorf("%d edges in a row were taken without a look at the levels", r.burst)
	}
}
