package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"
)

// TestMain lets the test's own program be the stage and the podiums, as the soak is.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "-child" {
		main()
		return
	}
	goleak.VerifyTestMain(m)
}

func TestChoose(t *testing.T) {
	all, err := choose("")
	if err != nil || len(all) != len(allEnds) {
		t.Errorf("%d ends without a choice, %v", len(all), err)
	}
	if two, err := choose("lapse,kick"); err != nil || len(two) != 2 || two[0].name != "lapse" || !two[0].lapses {
		t.Errorf("%+v, %v", two, err)
	}
	if _, err := choose("explode"); err == nil || !strings.Contains(err.Error(), "microphone") {
		t.Errorf("an end that is none: %v", err)
	}
}

// TestEachEnd does two turns of each end on real processes, so that the soak can be
// relied on to work.
func TestEachEnd(t *testing.T) {
	o := options{turns: 2 * len(allEnds), stations: 4, samples: leastSamples, seed: 1, out: t.TempDir()}
	s, err := openSoak(t.Context(), o, allEnds)
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	var group sync.WaitGroup
	for _, p := range []*speaker{s.speakers[0], s.speakers[3]} { // one goes live by itself, one wants a press
		group.Go(func() {
			for _, e := range allEnds {
				if err := once(t.Context(), p, e); err != nil {
					t.Errorf("%s at %s: %v\nthe podium:\n%s\nthe stage:\n%s", e.name, p.User, err, p.child.process.Log(), s.stage.Log())
					return
				}
				s.done.Add(1)
			}
		})
	}
	group.Wait()
	if t.Failed() {
		return
	}
	for range leastSamples {
		if err := s.look(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	r := s.report(1)
	var text, js bytes.Buffer
	if err := r.print(&text, false); err != nil || !strings.Contains(text.String(), "goroutines") {
		t.Errorf("%v:\n%s", err, text.String())
	}
	var again report
	if err := r.print(&js, true); err != nil || json.Unmarshal(js.Bytes(), &again) != nil || again.Turns != r.Turns || len(again.Growth) != 8 {
		t.Errorf("%v:\n%s", err, js.String())
	}
	for _, g := range r.Growth {
		if g.Grown && (g.Figure == "goroutines" || g.Figure == "open files") {
			t.Errorf("%s", g)
		}
	}
	t.Logf("\n%s", text.String())
}

// once does one turn from rest; one that a busy machine has lost is done again.
func once(ctx context.Context, p *speaker, e end) error {
	for tries := 3; ; tries-- {
		if err := p.AtRest(ctx); err != nil {
			return err
		}
		if err := p.turn(ctx, e); !errors.Is(err, errLapsed) || tries == 0 {
			return err
		}
	}
}
