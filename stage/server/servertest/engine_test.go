package servertest_test

import (
	"errors"
	"slices"
	"testing"

	"podium/stage"
	"podium/stage/server/servertest"
)

func TestEngineRecords(t *testing.T) {
	var e servertest.Engine
	if a, err := e.Admit(stage.Turn{Meeting: "hall", UserID: "ann", Number: 7}); err != nil || a.Token != "token-7" {
		t.Errorf("admitted %+v, %v", a, err)
	}
	full := errors.New("full")
	e.Refuse(full)
	if _, err := e.Admit(stage.Turn{}); !errors.Is(err, full) {
		t.Errorf("refused with %v", err)
	}
	hooked := ""
	e.OnEvict(func(meeting, userID string) { hooked = meeting + "/" + userID })
	e.Evict("hall", "ann")
	if got := e.Calls(); !slices.Equal(got, []string{"admit hall/ann", "evict hall/ann"}) || hooked != "hall/ann" || len(e.Turns()) != 1 {
		t.Errorf("recorded %v, hook %q", got, hooked)
	}
}
