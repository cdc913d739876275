package store

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"go.uber.org/goleak"

	"podium/stage"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func openTest(t testing.TB, path string) *Store {
	t.Helper()
	s, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func (s *Store) mustSave(t testing.TB, changes map[string]stage.Saved) {
	t.Helper()
	if err := s.Save(changes); err != nil {
		t.Fatal(err)
	}
}

func (s *Store) meeting(t *testing.T, name string) stage.Saved {
	t.Helper()
	saved, err := s.LoadMeeting(name)
	if err != nil {
		t.Fatal(err)
	}
	return saved
}

var began = stage.Time{Time: time.Date(2026, 5, 4, 3, 2, 1, 987_000_000, time.UTC)}

func person(user string, order uint64) stage.SavedPerson {
	return stage.SavedPerson{
		UserID: user, DisplayName: "Name of " + user, PeerID: "peer-1", Preset: stage.Presets["podium"],
		Status: stage.Requested, Order: order, RequestedAt: &began,
	}
}

func fullMeeting() stage.Saved {
	settings := stage.DefaultSettings()
	settings.Mode, settings.StageLimit = stage.ModeFIFO, 3
	limit := int64(60_000)
	speaker := stage.SavedPerson{
		UserID: "zoe", DisplayName: "Zoë \u202e<b>", PeerID: "peer-9", Status: stage.OnStage,
		Preset: stage.Preset{Name: "own", StageEnabled: true, StageAccess: stage.CanRequest, Listed: true},
		How:    stage.HowInvited, LetInBy: "boss", Media: []stage.Media{stage.Audio}, LimitMs: &limit,
		OnStageAt: &began, SpokenMs: 5, RunningAt: &began, OnAirMs: 4, Suspended: true,
	}
	return stage.Saved{
		Settings: &settings,
		Priority: &stage.Priority{Held: true, UserID: "boss", DisplayName: "The chair"},
		People:   []stage.SavedPerson{person("ann", 2), person("bob", 1), speaker},
		Waits:    []stage.SavedWait{{UserID: "eve", Until: stage.Time{Time: time.Now().Add(time.Hour).UTC().Truncate(time.Millisecond)}}},
	}
}

// Everything is there again after the process has ended.
func TestWhatIsSavedIsThereAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "stage.db")
	want := fullMeeting()
	s := openTest(t, path)
	s.mustSave(t, map[string]stage.Saved{"hall": want, "küche/2": {Settings: want.Settings}})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = openTest(t, path)
	all, err := s.Load()
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(all["hall"], want) {
		t.Errorf("loaded\n%+v, want\n%+v", all["hall"], want)
	}
	if len(all) != 2 || !reflect.DeepEqual(all["küche/2"].Settings, want.Settings) {
		t.Errorf("the other meetings are %+v", all)
	}
	if got := s.meeting(t, "nowhere"); !got.Empty() {
		t.Errorf("an unknown meeting has %+v", got)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != fileMode {
		t.Errorf("the file's mode is %v, %v", info.Mode(), err)
	}
}

// A later value replaces the former of its user; OFF_STAGE is forgotten.
func TestLaterValuesReplaceFormer(t *testing.T) {
	s := openTest(t, filepath.Join(t.TempDir(), "stage.db"))
	s.mustSave(t, map[string]stage.Saved{"hall": fullMeeting()})
	off, moved := person("ann", 2), person("bob", 7)
	off.Status = stage.OffStage
	s.mustSave(t, map[string]stage.Saved{"hall": {People: []stage.SavedPerson{off, moved}}})
	got := s.meeting(t, "hall")
	if len(got.People) != 2 || got.People[0].UserID != "bob" || got.People[0].Order != 7 || got.People[1].UserID != "zoe" {
		t.Errorf("the people are %+v", got.People)
	}
	if got.Settings == nil || got.Priority == nil || len(got.Waits) != 1 {
		t.Errorf("what did not change is gone: %+v", got)
	}
}

func TestWaitsThatAreOverAreForgotten(t *testing.T) {
	s := openTest(t, filepath.Join(t.TempDir(), "stage.db"))
	soon := stage.Time{Time: time.Now().Add(-time.Second)}
	s.mustSave(t, map[string]stage.Saved{"hall": {Waits: []stage.SavedWait{{UserID: "ann", Until: soon}}}})
	if got := s.meeting(t, "hall").Waits; len(got) != 0 {
		t.Errorf("a wait that is over was loaded: %+v", got)
	}
	s.mustSave(t, map[string]stage.Saved{"hall": {Waits: []stage.SavedWait{{UserID: "bob", Until: soon}}}})
	var kept []stage.SavedWait
	err := s.view(func(meetings *bucket) (err error) {
		kept, err = values[stage.SavedWait](meetings.Bucket([]byte("hall")), bucketWaits, nil)
		return err
	})
	if err != nil || len(kept) != 1 || kept[0].UserID != "bob" {
		t.Errorf("kept %+v, %v; want only the last", kept, err)
	}
}

// The record grows in the order of the turns' ends, over restarts too.
func TestRecordKeepsItsOrder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "stage.db")
	for round := range 3 {
		s := openTest(t, path)
		for n := range 100 {
			s.mustSave(t, map[string]stage.Saved{"hall": {Record: []stage.Entry{{UserID: fmt.Sprintf("%d", round*100+n)}}}})
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	entries, err := openTest(t, path).Record("hall")
	if err != nil || len(entries) != 300 {
		t.Fatalf("%d entries, %v", len(entries), err)
	}
	for n, e := range entries {
		if e.UserID != fmt.Sprint(n) {
			t.Fatalf("entry %d is %s", n, e.UserID)
		}
	}
}

// A transaction that does not fit leaves nothing behind, and the store usable.
func TestFailedSaveLeavesNothing(t *testing.T) {
	s, err := open(filepath.Join(t.TempDir(), "stage.db"), lockWait, 256<<10)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	s.mustSave(t, map[string]stage.Saved{"hall": fullMeeting()})
	big := stage.Saved{Record: make([]stage.Entry, 5000)}
	if err := s.Save(map[string]stage.Saved{"hall": big}); err == nil {
		t.Fatal("5000 entries fitted into 256 KiB")
	}
	if entries, err := s.Record("hall"); err != nil || len(entries) != 0 {
		t.Errorf("%d entries of the failed save are there, %v", len(entries), err)
	}
	s.mustSave(t, map[string]stage.Saved{"hall": {Record: make([]stage.Entry, 1)}})
}

// BenchmarkSave is one step's commit: what a press costs on this disk.
func BenchmarkSave(b *testing.B) {
	s, err := Open(filepath.Join(b.TempDir(), "stage.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	for n := range b.N {
		if err := s.Save(map[string]stage.Saved{"hall": {People: []stage.SavedPerson{person("ann", uint64(n))}}}); err != nil {
			b.Fatal(err)
		}
	}
}
