package store

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"podium/stage"
)

type bucket = bolt.Bucket

// written makes a store's file with something in it, and gives its bytes.
func written(t *testing.T) (path string, data []byte) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "stage.db")
	s := openTest(t, path)
	for n := range 300 {
		s.mustSave(t, map[string]stage.Saved{"hall": {
			People: []stage.SavedPerson{person(fmt.Sprintf("user-%d", n), uint64(n))}, Record: make([]stage.Entry, 3),
		}})
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return path, data
}

func edit(t *testing.T, path string, do func(tx *bolt.Tx) error) {
	t.Helper()
	db, err := bolt.Open(path, fileMode, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.Update(do); err != nil {
		t.Fatal(err)
	}
}

// What stands in the way is told with what to do about it.
func TestOpenSaysWhatIsInTheWay(t *testing.T) {
	folder := t.TempDir()
	for _, row := range []struct {
		name string
		path func(t *testing.T) string
		want []string
	}{
		{"no folder", func(*testing.T) string { return filepath.Join(folder, "none", "stage.db") }, []string{"no such folder"}},
		{"a folder", func(*testing.T) string { return folder }, []string{"it is a folder"}},
		{"some text", func(t *testing.T) string {
			path := filepath.Join(t.TempDir(), "x")
			if err := os.WriteFile(path, bytes.Repeat([]byte("hello "), 5000), 0o600); err != nil {
				t.Fatal(err)
			}
			return path
		}, []string{"no store, or damaged", "move the file away"}},
		{"cut off", func(t *testing.T) string {
			path, _ := written(t)
			if err := os.Truncate(path, 8*4096); err != nil {
				t.Fatal(err)
			}
			return path
		}, []string{"damaged", "restore a backup"}},
		{"another program's", func(t *testing.T) string {
			path := filepath.Join(t.TempDir(), "x")
			edit(t, path, func(tx *bolt.Tx) error { _, err := tx.CreateBucket([]byte("recipes")); return err })
			return path
		}, []string{"belongs to another program", "key store"}},
		{"a later format", func(t *testing.T) string {
			path, _ := written(t)
			edit(t, path, func(tx *bolt.Tx) error { return tx.Bucket(bucketSelf).Put(keyFormat, []byte("7")) })
			return path
		}, []string{`format "7"`, "use the podium that wrote it"}},
		{"a broken value", func(t *testing.T) string {
			path, _ := written(t)
			edit(t, path, func(tx *bolt.Tx) error {
				return tx.Bucket(bucketMeetings).Bucket([]byte("hall")).Bucket(bucketPeople).Put([]byte("user-7"), []byte("{"))
			})
			return path
		}, []string{"damaged", `meeting`, `"user-7"`, "restore a backup"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			path := row.path(t)
			s, err := Open(path)
			if err == nil {
				_ = s.Close()
				t.Fatal("opened")
			}
			for _, want := range append(row.want, "cannot open the store "+path+": ") {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q does not say %q", err, want)
				}
			}
		})
	}
}

func TestOpenSaysWhoHoldsTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "stage.db")
	openTest(t, path)
	_, err := open(path, time.Millisecond, 0)
	if err == nil || !strings.Contains(err.Error(), " holds it; end the other stage service") {
		t.Fatalf("opened twice: %v", err)
	}
	if locks, _ := os.ReadFile("/proc/locks"); bytes.Contains(locks, fmt.Appendf(nil, " %d ", os.Getpid())) &&
		!strings.Contains(err.Error(), fmt.Sprintf("process %d holds it", os.Getpid())) {
		t.Errorf("%v does not name process %d", err, os.Getpid())
	}
}

// A file with any bytes broken is refused or read; it never takes the process down.
func TestDamageNeverPanics(t *testing.T) {
	path, data := written(t)
	random := rand.New(rand.NewPCG(3, 1))
	refused := 0
	for range 200 {
		broken := bytes.Clone(data)
		for range 1 + random.IntN(40) {
			at := random.IntN(len(broken)/4096) * 4096
			broken[at+random.IntN(64)] ^= byte(1 + random.IntN(255)) // the pages' heads do the most harm
		}
		if random.IntN(4) == 0 {
			broken = broken[:random.IntN(len(broken))]
		}
		if err := os.WriteFile(path, broken, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := Open(path)
		if err != nil {
			refused++
			continue
		}
		_ = s.Save(map[string]stage.Saved{"hall": {People: []stage.SavedPerson{person("new", 1)}, Record: make([]stage.Entry, 100)}})
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	if refused < 50 {
		t.Errorf("only %d of 200 damaged files were refused", refused)
	}
}
