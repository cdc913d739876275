package main

import (
	"fmt"
	"slices"
)

// leastSamples leaves some for each quarter.
const leastSamples = 8

// warm is how many of the first samples count for nothing: pools fill, and what is
// kept for a while reaches its bound.
func warm(samples int) int { return samples / 5 }

// bound is what memory may grow by before it is called growth: both by the slope over
// all samples and from the second quarter to the last. One alone is noise: of the
// allocator, of pools, of C.
type bound struct {
	slope float64 // bytes for 1,000 turns
	rise  float64 // bytes
}

const kib = 1 << 10

var (
	heapBound = bound{64 * kib, 384 * kib}
	// anonBound is for two processes: each is warm only after some thousand turns of its
	// own, which have touched the stacks of all its threads.
	anonBound = bound{256 * kib, 2048 * kib}
)

// of gives the bound of so many processes.
func (b bound) of(processes int) bound {
	b.rise *= float64(1+processes) / 2
	return b
}

// growth is how one figure of one process went.
type growth struct {
	Process string  `json:"process"`
	Figure  string  `json:"figure"`
	First   float64 `json:"first"` // median of the second quarter
	Last    float64 `json:"last"`  // median of the last quarter
	Slope   float64 `json:"per1000Turns"`
	Judged  bool    `json:"judged"` // false: the run is too short for that
	Grown   bool    `json:"grown"`
}

// warmTurns is after how many turns the memory of C is warm: malloc has an arena for
// each thread, and an encoder has used each. With fewer for each podium its
// growth says nothing.
const warmTurns = 150

// judge looks at everything that must not grow, in a run of so many podiums.
func judge(samples []sample, podiums int) (all []growth) {
	known := samples[warm(len(samples))].Turns >= warmTurns*podiums
	for i, name := range []string{ofStage: "stage", ofPodiums: "podiums"} {
		of := func(s sample) held { return s.Held[i] }
		processes := 1
		if i == ofPodiums {
			processes = podiums
		}
		counted := func(figure string, value func(held) int) {
			g := fit(name, figure, samples, func(s sample) float64 { return float64(value(of(s))) })
			g.Judged = true
			g.Grown = grownCount(samples, func(s sample) int { return value(of(s)) })
			all = append(all, g)
		}
		measured := func(figure string, b bound, judged bool, value func(held) float64) {
			g := fit(name, figure, samples, func(s sample) float64 { return value(of(s)) })
			g.Judged = judged
			g.Grown = judged && g.Slope > b.slope && g.Last-g.First > b.rise
			all = append(all, g)
		}
		counted("goroutines", func(h held) int { return h.Goroutines })
		counted("open files", func(h held) int { return h.Files })
		measured("heap, bytes", heapBound, true, func(h held) float64 { return float64(h.Heap) })
		measured("anonymous RSS, bytes", anonBound.of(processes), known, func(h held) float64 { return float64(h.Anon) * kib })
	}
	return all
}

// fit gives the slope by Theil and Sen: the median of the slopes between all pairs,
// which a few samples far off do not move.
func fit(process, figure string, samples []sample, value func(sample) float64) growth {
	n := len(samples)
	g := growth{Process: process, Figure: figure}
	g.First = medianOf(samples[n/4:n/2], value)
	g.Last = medianOf(samples[n-n/4:], value)
	var slopes []float64
	rest := samples[warm(n):]
	for i, a := range rest {
		for _, b := range rest[i+1:] {
			if b.Turns > a.Turns {
				slopes = append(slopes, (value(b)-value(a))/float64(b.Turns-a.Turns)*1000)
			}
		}
	}
	g.Slope = median(slopes)
	return g
}

// grownCount reports whether there is more at the end than there ever was in the
// second quarter: of what is counted not even one may be left over.
func grownCount(samples []sample, value func(sample) int) bool {
	n := len(samples)
	before := 0
	for _, s := range samples[n/4 : n/2] {
		before = max(before, value(s))
	}
	return value(samples[n-1]) > before
}

func medianOf(samples []sample, value func(sample) float64) float64 {
	var values []float64
	for _, s := range samples {
		values = append(values, value(s))
	}
	return median(values)
}

// median gives 0 of nothing.
func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	slices.Sort(values)
	middle := len(values) / 2
	if len(values)%2 == 1 {
		return values[middle]
	}
	return (values[middle-1] + values[middle]) / 2
}

func (g growth) String() string {
	return fmt.Sprintf("%s of the %s: %.0f, then %.0f; %+.1f for 1,000 turns", g.Figure, g.Process, g.First, g.Last, g.Slope)
}
