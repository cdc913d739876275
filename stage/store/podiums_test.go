package store

import (
	"path/filepath"
	"slices"
	"testing"
	"time"

	"podium/stage/enrol"
)

func TestPodiums(t *testing.T) {
	path := filepath.Join(t.TempDir(), "stage.db")
	s := openTest(t, path)
	at := time.Date(2026, 11, 27, 10, 0, 0, 0, time.UTC)
	one := enrol.Podium{ID: "1", Meeting: "hall", UserID: "podium-1", Name: "Podium 1", EnrolledAt: at, By: "chair"}
	two := enrol.Podium{ID: "2", Meeting: "hall", UserID: "podium-2", EnrolledAt: at}
	again := one
	again.ID = "3"
	other := enrol.Podium{ID: "4", Meeting: "chapel", UserID: "podium-1", EnrolledAt: at}
	for _, p := range []enrol.Podium{one, two, again, other} {
		if err := s.SavePodium(p); err != nil {
			t.Fatal(err)
		}
	}
	for _, id := range []string{"2", "none"} {
		if err := s.ForgetPodium(id); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = openTest(t, path)
	if got, err := s.Podiums(); err != nil || !slices.Equal(got, []enrol.Podium{again, other}) {
		t.Errorf("%+v, %v", got, err)
	}
}
