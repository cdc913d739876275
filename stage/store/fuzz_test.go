package store

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	bolt "go.etcd.io/bbolt"

	"podium/stage"
)

// FuzzValue puts any value in any place of a good file. It is refused at the
// opening, in words that say where, or it is read the same again, also after it
// was written back.
func FuzzValue(f *testing.F) {
	for place, value := range []string{
		`{"stageEnabled":true,"mode":"fifo"}`, `{"held":true,"userId":"boss"}`,
		`{"userId":"ann","status":"ON_STAGE","preset":"podium","onStageAt":"2026-11-24T12:00:00.000Z"}`,
		`{"userId":"eve","until":"2126-11-24T12:00:00.000Z"}`, `{"userId":"ann","onStageAt":"2026-11-24T12:00:00.000Z","media":["audio"]}`,
	} {
		f.Add(byte(place), []byte("ann"), []byte(value))
		f.Add(byte(place), []byte("ann"), []byte("{"))
	}
	f.Add(byte(5), []byte("format"), []byte("2"))
	f.Fuzz(func(t *testing.T, place byte, key, value []byte) {
		if len(key) == 0 || len(key) > 256 || len(value) > 16<<10 {
			return
		}
		path := filepath.Join(memoryDir(t), "stage.db")
		s := openTest(t, path)
		s.mustSave(t, map[string]stage.Saved{"hall": {
			People: []stage.SavedPerson{person("bob", 1)}, Record: make([]stage.Entry, 1),
			Waits: []stage.SavedWait{{UserID: "cat", Until: stage.Time{}}},
		}})
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		edit(t, path, func(tx *bolt.Tx) error { return putAt(tx, place, key, value) })
		s, err := Open(path)
		if err != nil {
			wantAdvice(t, path, err)
			return
		}
		defer s.Close()
		all, err := s.Load()
		if err != nil {
			t.Fatalf("opened, and cannot be read: %v", err)
		}
		if len(all["hall"].Waits) > 0 || !json.Valid(value) {
			return // waits are forgotten by the clock
		}
		s.mustSave(t, all)
		back, err := s.Load()
		if err != nil || len(all["hall"].People) == len(back["hall"].People) && !reflect.DeepEqual(all["hall"].Settings, back["hall"].Settings) {
			t.Errorf("%+v is written and read as %+v, %v", all, back, err)
		}
	})
}

// memoryDir is a folder in memory, where there is one: what is written there is
// as good as on a disk at once.
func memoryDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "podium-fuzz-") //nolint:usetesting // that is on the disk
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// putAt puts a value where the store keeps one of that kind.
func putAt(tx *bolt.Tx, place byte, key, value []byte) error {
	hall := tx.Bucket(bucketMeetings).Bucket([]byte("hall"))
	switch place % 6 {
	case 0:
		return hall.Put(keySettings, value)
	case 1:
		return hall.Put(keyPriority, value)
	case 2:
		return hall.Bucket(bucketPeople).Put(key, value)
	case 3:
		return hall.Bucket(bucketWaits).Put(key, value)
	case 4:
		return hall.Bucket(bucketRecord).Put(key, value)
	}
	return tx.Bucket(bucketSelf).Put(key, value)
}

// wantAdvice wants an error that names the file and says what to do.
func wantAdvice(t *testing.T, path string, err error) {
	t.Helper()
	text := strings.ReplaceAll(err.Error(), path, "FILE")
	if !strings.HasPrefix(text, "cannot open the store FILE: ") || len(text) > 1000 {
		t.Errorf("refused with %q", text)
	}
	for _, caught := range []string{"runtime error", "assertion failed", "fault"} {
		if strings.Contains(text, caught) {
			t.Errorf("the damage was found by falling over it: %s", text)
		}
	}
	if strings.Contains(text, "damaged") && !strings.Contains(text, "restore a backup") {
		t.Errorf("%q does not say what to do", text)
	}
}

// FuzzDamage writes bytes over a place of a good file. It is opened or refused,
// and never takes the process with it.
func FuzzDamage(f *testing.F) {
	path := filepath.Join(memoryDir(f), "stage.db")
	s := openTest(f, path)
	var people []stage.SavedPerson
	for n := range 60 { // more than a page holds
		people = append(people, person(fmt.Sprintf("user-%d", n), uint64(n)))
	}
	s.mustSave(f, map[string]stage.Saved{"hall": {People: people, Record: make([]stage.Entry, 40)}, "chapel": {People: people[:1]}})
	if err := s.Close(); err != nil {
		f.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(uint32(0), []byte{0xff})
	f.Add(uint32(2*4096+8), []byte{1, 0, 0, 0})
	f.Add(uint32(4*4096+16), []byte{0xff, 0xff, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, at uint32, bytes []byte) {
		data := append([]byte(nil), whole...)
		copy(data[int(at)%len(data):], bytes)
		path := filepath.Join(memoryDir(t), "stage.db")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := Open(path)
		if err != nil {
			wantAdvice(t, path, err)
			return
		}
		defer s.Close()
		_, _ = s.Load() // what was checked at the opening may be damaged elsewhere: an error, no panic
		_ = s.Save(map[string]stage.Saved{"hall": {People: []stage.SavedPerson{person("new", 1), {UserID: "user-7", Status: stage.OffStage}}}})
		if broken := s.broken.Load(); broken != nil {
			t.Errorf("opened, and then fallen over: %v", broken)
		}
	})
}
