package random

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var (
	stepsWanted = flag.Int("random.steps", 0, "go on until so many steps were made; 0: rapid.checks decides")
	seedWanted  = flag.Uint64("random.seed", 0, "of the first sequence; 0: any")
)

const (
	firstBatch   = 100    // sequences, before it is known how long they are
	largestBatch = 10_000 // sequences
	// stride sets the seeds of one batch apart from those of the next.
	stride = 1 << 40
)

// Check is rapid.Check for a property that calls step at each of its steps. With
// -random.steps it goes on until there were so many, and prints one line: steps,
// time, failures, and the seed that makes the same sequences again.
func Check(t *testing.T, name string, property func(t *rapid.T, step func())) {
	t.Helper()
	made := 0
	step := func() { made++ }
	prop := func(t *rapid.T) { property(t, step) }
	if *stepsWanted == 0 {
		rapid.Check(t, prop)
		return
	}
	seed := *seedWanted
	if seed == 0 {
		seed = rand.Uint64()>>1 | 1 // zero would have rapid choose
	}
	for _, name := range []string{"rapid.checks", "rapid.seed"} {
		defer set(t, name, flag.Lookup(name).Value.String())
	}
	began := time.Now()
	defer func() {
		failures := 0
		if t.Failed() {
			failures = 1
		}
		fmt.Printf("%s: %d steps in %.0f s, %d failures, seed %d\n", name, made, time.Since(began).Seconds(), failures, seed)
	}()
	for batch, sequences := uint64(0), 0; made < *stepsWanted; batch++ {
		checks := firstBatch
		if sequences > 0 {
			checks = min((*stepsWanted-made)*sequences/max(1, made)+1, largestBatch)
		}
		set(t, "rapid.checks", checks)
		set(t, "rapid.seed", seed+batch*stride)
		rapid.Check(t, prop)
		sequences += checks
	}
}

func set(t *testing.T, name string, value any) {
	t.Helper()
	if err := flag.Set(name, fmt.Sprint(value)); err != nil {
		t.Fatalf("cannot set -%s: %v", name, err)
	}
}
