package model

import (
	"testing"

	"pgregory.net/rapid"

	"podium/test/random"
)

func TestNeverAHotMicrophone(t *testing.T) {
	random.Check(t, "joined", func(t *rapid.T, step func()) {
		w := newWorld(t, step)
		t.Repeat(w.acts())
		w.t = t
		w.rest()
	})
}
