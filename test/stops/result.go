package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"podium/test/rig"
)

// limit is how late the last packet may be (safety, 5).
const limit = 20 * time.Millisecond

// spread is the middle and the slow end of some times, in ms.
type spread struct {
	P50 float64 `json:"p50"`
	P99 float64 `json:"p99"`
	Max float64 `json:"max"`
}

func spreadOf(times rig.Times) spread {
	ms := func(d time.Duration) float64 { return float64(d.Round(time.Microsecond)) / float64(time.Millisecond) }
	return spread{ms(times.At(0.5)), ms(times.At(0.99)), ms(times.At(1))}
}

// result is what was seen of one kind.
type result struct {
	Kind     string   `json:"kind"`
	How      string   `json:"decidingEvent"`
	Turns    int      `json:"turns"`
	Last     spread   `json:"lastRTPms"`          // from the event
	Gate     *spread  `json:"ownStepMs"`          // from the event to the podium's step that ends the turn; null: it cannot say
	Over     int      `json:"over20ms"`           // turns
	Early    float64  `json:"earliestMsBefore"`   // how long before the event media has ceased at most
	Seconds  float64  `json:"seconds"`            // that it took
	Outliers []string `json:"outliers,omitempty"` // the slowest of those over the limit
}

const outliersShown = 10

func summarise(k kind, turns []turn, took time.Duration) result {
	r := result{Kind: k.Name, How: k.How, Turns: len(turns), Seconds: took.Seconds()}
	var last, gate rig.Times
	for _, t := range turns {
		last = append(last, t.Took)
		if t.Step >= 0 {
			gate = append(gate, t.Step)
		}
		r.Early = max(r.Early, float64(t.Early)/float64(time.Millisecond))
	}
	r.Last = spreadOf(last)
	if gate != nil {
		s := spreadOf(gate)
		r.Gate = &s
	}
	slices.SortFunc(turns, func(a, b turn) int { return int(b.Took - a.Took) })
	for _, t := range turns {
		if t.Took <= limit {
			break
		}
		r.Over++
		if r.Over <= outliersShown {
			r.Outliers = append(r.Outliers, t.String())
		}
	}
	return r
}

// table gives the results as Markdown.
func table(results []result) string {
	var b strings.Builder
	b.WriteString("| end | deciding event | turns | last RTP p50 | p99 | max (ms) | over 20 ms | podium's own step p50 | p99 | max (ms) |\n")
	b.WriteString("|---|---|---|---|---|---|---|---|---|---|\n")
	for _, r := range results {
		gate := "| |"
		if r.Gate != nil {
			gate = fmt.Sprintf("%.1f | %.1f | %.1f", r.Gate.P50, r.Gate.P99, r.Gate.Max)
		}
		fmt.Fprintf(&b, "| %s | %s | %d | %.1f | %.1f | %.1f | %d | %s |\n",
			r.Kind, r.How, r.Turns, r.Last.P50, r.Last.P99, r.Last.Max, r.Over, gate)
	}
	for _, r := range results {
		for _, o := range r.Outliers {
			fmt.Fprintf(&b, "\n%s: %s", r.Kind, o)
		}
	}
	return strings.TrimRight(b.String(), "\n") + "\n"
}

// progress tells every few seconds how far it is.
type progress struct {
	kind  string
	turns int
	began time.Time
	done  atomic.Int64
}

// start begins to tell; the caller ends it.
func (p *progress) start() (stop func()) {
	return rig.Progress(func() {
		fmt.Fprintf(os.Stderr, "%s: %d of %d turns, %.0f s\n", p.kind, p.done.Load(), p.turns, time.Since(p.began).Seconds())
	})
}
