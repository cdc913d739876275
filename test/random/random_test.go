package random

import (
	"testing"

	"pgregory.net/rapid"
)

func TestItGoesOnUntilTheStepsAreMade(t *testing.T) {
	for _, row := range []struct {
		steps, perSequence int
	}{{1, 3}, {5000, 3}, {5000, 1}, {90_000, 50}} {
		old := *stepsWanted
		*stepsWanted = row.steps
		made := 0
		Check(t, "counting", func(t *rapid.T, step func()) {
			for range row.perSequence {
				step()
				made++
			}
		})
		*stepsWanted = old
		if most := row.steps + firstBatch*row.perSequence + 1; made < row.steps || made > most {
			t.Errorf("%d steps of %d: made %d, want at most %d", row.perSequence, row.steps, made, most)
		}
	}
}

func TestASeedMakesTheSameSequences(t *testing.T) {
	draw := func() (drawn []int) {
		*stepsWanted, *seedWanted = 300, 7
		defer func() { *stepsWanted, *seedWanted = 0, 0 }()
		Check(t, "drawing", func(t *rapid.T, step func()) {
			step()
			drawn = append(drawn, rapid.Int().Draw(t, "number"))
		})
		return drawn
	}
	first, second := draw(), draw()
	if len(first) != len(second) {
		t.Fatalf("%d and %d sequences", len(first), len(second))
	}
	for i := range first {
		if first[i] != second[i] {
			t.Fatalf("sequence %d: %d and %d", i, first[i], second[i])
		}
	}
}
