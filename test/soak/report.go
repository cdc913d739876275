package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"text/tabwriter"
	"time"
)

// report is the outcome.
type report struct {
	Turns   int              `json:"turns"`
	Podiums int              `json:"podiums"`
	Seed    uint64           `json:"seed"`
	Seconds float64          `json:"seconds"`
	Ends    map[string]int   `json:"ends"`
	Steps   map[string]timed `json:"steps"`
	Growth  []growth         `json:"growth"`
	Grown   []string         `json:"grown"`
	Store   float64          `json:"storeBytesPerTurn"`
	Samples []sample         `json:"samples"`
}

// timed is how long a step took, in ms.
type timed struct {
	Count int     `json:"count"`
	P50   float64 `json:"p50ms"`
	P99   float64 `json:"p99ms"`
	Max   float64 `json:"maxMs"`
}

func (s *soak) report(took time.Duration) report {
	r := report{
		Turns: int(s.done.Load()), Podiums: s.stations, Seed: s.seed, Seconds: took.Seconds(),
		Ends: s.tally.ends, Steps: map[string]timed{}, Growth: judge(s.samples, s.stations), Grown: []string{}, Samples: s.samples,
	}
	ms := func(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
	for what, t := range s.times {
		r.Steps[what] = timed{len(t), ms(t.At(0.5)), ms(t.At(0.99)), ms(t.At(1))}
	}
	for _, g := range r.Growth {
		if g.Grown {
			r.Grown = append(r.Grown, g.String())
		}
	}
	if r.Ends[lost] > mostLost(r.Turns) {
		r.Grown = append(r.Grown, fmt.Sprintf("turns whose lease or grant ran out by itself: %d; is the machine busy with other things?", r.Ends[lost]))
	}
	first, last := s.samples[0], s.samples[len(s.samples)-1]
	r.Store = float64(last.Store-first.Store) / float64(max(1, last.Turns-first.Turns))
	return r
}

// mostLost is how many turns may be lost to a busy machine before a run says nothing.
func mostLost(turns int) int { return max(3, turns/50) }

func (r report) print(out io.Writer, asJSON bool) error {
	if asJSON {
		enc := json.NewEncoder(out)
		enc.SetIndent("", "  ")
		return enc.Encode(r)
	}
	fmt.Fprintf(out, "%d turns of %d podiums in %.0f s, seed %d; %d more were lost to a busy machine; the store grew by %.0f bytes a turn\n\n",
		r.Turns, r.Podiums, r.Seconds, r.Seed, r.Ends[lost], r.Store)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "STEP\tTIMES\tP50\tP99\tWORST (ms)")
	for _, what := range slices.Sorted(maps.Keys(r.Steps)) {
		t := r.Steps[what]
		fmt.Fprintf(w, "%s\t%d\t%.1f\t%.1f\t%.1f\n", what, t.Count, t.P50, t.P99, t.Max)
	}
	fmt.Fprintln(w, "\nPROCESS\tFIGURE\t2ND QUARTER\tLAST QUARTER\tFOR 1,000 TURNS\tGROWN")
	for _, g := range r.Growth {
		verdict := "no"
		switch {
		case g.Grown:
			verdict = "yes"
		case !g.Judged:
			verdict = "the run is too short to say"
		}
		fmt.Fprintf(w, "%s\t%s\t%.0f\t%.0f\t%+.1f\t%s\n", g.Process, g.Figure, g.First, g.Last, g.Slope, verdict)
	}
	return w.Flush()
}

// explain tells which goroutines are more than when the processes were warm, and
// leaves the heaps for go tool pprof.
func (s *soak) explain(ctx context.Context, out io.Writer) {
	for _, p := range s.parties {
		for _, c := range p.children {
			if err := c.explain(ctx, out, s.out); err != nil {
				fmt.Fprintln(out, err)
			}
		}
	}
}

func (c *child) explain(ctx context.Context, out io.Writer, folder string) error {
	now, err := c.profiles(ctx)
	if err != nil {
		return err
	}
	if stacks := more(c.base.goroutines, now.goroutines); stacks != "" {
		fmt.Fprintf(out, "\n%s has more goroutines than when it was warm:\n%s", c.name, stacks)
	}
	base, last := filepath.Join(folder, c.name+"-warm.pb.gz"), filepath.Join(folder, c.name+"-last.pb.gz")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	for name, data := range map[string][]byte{base: c.base.heap, last: now.heap} {
		if err := os.WriteFile(name, data, 0o600); err != nil {
			return err
		}
	}
	fmt.Fprintf(out, "heap of %s: go tool pprof -sample_index=inuse_space -base %s %s\n", c.name, base, last)
	return nil
}
