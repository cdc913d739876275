package server

import (
	"fmt"
	"testing"
)

// However many call, few are remembered; one that floods is among them.
func TestCallersAreBounded(t *testing.T) {
	var c callers
	mob := caller{"hall", "mob"}
	for i := range 3 * maxCallers {
		c.take(mob)
		c.take(caller{"hall", fmt.Sprint(i)})
		if len(c.limits) > maxCallers {
			t.Fatalf("%d callers are remembered", len(c.limits))
		}
	}
	if c.take(mob) == 0 {
		t.Error("the flooding one was forgotten, and may go on")
	}
}
