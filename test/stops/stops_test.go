package main

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestChoose(t *testing.T) {
	if all, err := choose(""); err != nil || len(all) != 5 {
		t.Errorf("%d kinds without a choice, %v", len(all), err)
	}
	if two, err := choose("kill,kick"); err != nil || len(two) != 2 || two[0].Name != "kill" || two[1].Name != "kick" {
		t.Errorf("%v, %v", two, err)
	}
	if _, err := choose("kick,explode"); err == nil || !strings.Contains(err.Error(), "explode") {
		t.Errorf("an unknown kind: %v", err)
	}
}

func TestSummary(t *testing.T) {
	var turns []turn
	for n := range 100 {
		turns = append(turns, turn{Who: "podium-0", Took: time.Duration(n) * time.Millisecond / 4, Step: -1})
	}
	turns[3].Step, turns[5].Early = 2*time.Millisecond, 7*time.Millisecond
	r := summarise(kind{Name: "kick", How: "a call"}, turns, time.Second)
	if r.Turns != 100 || r.Last != (spread{12.5, 24.75, 24.75}) || r.Over != 19 || r.Early != 7 || len(r.Outliers) != outliersShown {
		t.Errorf("%+v", r)
	}
	if r.Gate == nil || *r.Gate != (spread{2, 2, 2}) {
		t.Errorf("the podium's own step %+v", r.Gate)
	}
	text := table([]result{r, {Kind: "kill", How: "a signal", Turns: 1}})
	for _, want := range []string{
		"| kick | a call | 100 | 12.5 | 24.8 | 24.8 | 19 | 2.0 | 2.0 | 2.0 |\n",
		"| kill | a signal | 1 | 0.0 | 0.0 | 0.0 | 0 | | | |\n",
		"kick: podium-0: last packet 24.8 ms after the event",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the table has no %q:\n%s", want, text)
		}
	}
}

// TestEachKind does a turn of each kind, so that the measurement can be relied on to
// work. Its times count for nothing here, but that media was cut in the first place.
func TestEachKind(t *testing.T) {
	binary := filepath.Join(t.TempDir(), "podium")
	if out, err := exec.Command("go", "build", "-buildvcs=false", "-o", binary, "podium/cmd/podium").CombinedOutput(); err != nil {
		t.Fatalf("cannot build the command: %v\n%s", err, out)
	}
	h, err := openHall(t.Context(), options{binary: binary, turns: 2, parallel: 1, leases: 2, seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer h.close()
	for _, k := range kinds {
		r, err := h.measure(t.Context(), k)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%+v", r)
		if r.Turns != 2 || r.Last.Max > 3000 {
			t.Errorf("%s: %+v", k.Name, r)
		}
	}
}
