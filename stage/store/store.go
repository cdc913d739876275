package store

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"syscall"
	"time"

	bolt "go.etcd.io/bbolt"
)

// The file's layout: bucket "podium" holds the format; bucket "meetings" holds a
// bucket for each meeting, with the keys "settings" and "priority" and the
// buckets "people" and "waits" (by userId) and "record" (by number, big-endian).
// Every value is JSON.
var (
	bucketSelf     = []byte("podium")
	bucketMeetings = []byte("meetings")
	bucketPeople   = []byte("people")
	bucketWaits    = []byte("waits")
	bucketRecord   = []byte("record")
	keyFormat      = []byte("format")
	keySettings    = []byte("settings")
	keyPriority    = []byte("priority")
)

// format is the layout's version. A file of another one is not touched.
const format = "1"

const (
	fileMode = 0o600 // names of people are in it
	// lockWait is how long a former process may take to let the file go.
	lockWait = 2 * time.Second
	// mapped bytes of the file make room to grow, so that readers need not wait.
	mapped = 1 << 20
)

// Store is an open file. Its methods may be called from any goroutine.
type Store struct {
	db   *bolt.DB
	path string
}

// Open opens the file, or makes it, and reads all of it once, so that damage
// shows now and not in the middle of a meeting. The error says what to do.
func Open(path string) (*Store, error) { return open(path, lockWait, 0) }

// open also bounds the file's size; 0: not at all.
func open(path string, wait time.Duration, maxSize int) (*Store, error) {
	_, missing := os.Stat(path)
	s := &Store{path: path}
	var file *os.File
	err := guarded(func() (err error) {
		s.db, err = bolt.Open(path, fileMode, &bolt.Options{
			Timeout: wait, InitialMmapSize: mapped, FreelistType: bolt.FreelistMapType, MaxSize: maxSize, NoStatistics: true,
			OpenFile: func(name string, flag int, mode os.FileMode) (_ *os.File, err error) {
				file, err = os.OpenFile(name, flag, mode)
				return file, err
			},
		})
		return err
	})
	if err != nil {
		if file != nil {
			// bbolt does not get that far when it panics, and the mapping would keep the lock.
			_ = syscall.Flock(int(file.Fd()), syscall.LOCK_UN)
			_ = file.Close()
		}
		return nil, openProblem(path, err)
	}
	if err := s.prepare(missing != nil); err != nil {
		_ = s.db.Close()
		return nil, openProblem(path, err)
	}
	return s, nil
}

// prepare checks the format and everything in the file, and writes the first
// page of a new one.
func (s *Store) prepare(isNew bool) error {
	if err := guarded(s.check); err != nil {
		return err
	}
	err := s.db.Update(func(tx *bolt.Tx) error {
		self, err := tx.CreateBucketIfNotExists(bucketSelf)
		if err != nil {
			return err
		}
		if _, err := tx.CreateBucketIfNotExists(bucketMeetings); err != nil {
			return err
		}
		return self.Put(keyFormat, []byte(format))
	})
	if err == nil && isNew {
		err = syncFolder(filepath.Dir(s.path))
	}
	return err
}

func (s *Store) check() error {
	err := s.db.View(func(tx *bolt.Tx) error {
		self := tx.Bucket(bucketSelf)
		if self == nil {
			if name, _ := tx.Cursor().First(); name != nil {
				return errForeign
			}
			return nil
		}
		if have := string(self.Get(keyFormat)); have != format {
			return &formatError{have: have}
		}
		return nil
	})
	if err != nil {
		return err
	}
	all, err := s.Load()
	for name := range all {
		if err == nil {
			_, err = s.Record(name)
		}
	}
	return err
}

// syncFolder makes a new file's name as lasting as its contents.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	defer folder.Close()
	return folder.Sync()
}

// guarded turns what a damaged file does to a reader of mapped memory, a panic
// or a fault, into an error.
func guarded(do func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			err = &damage{fmt.Sprint(p)}
		}
	}()
	return do()
}

// Close lets the file go.
func (s *Store) Close() error {
	if err := s.db.Close(); err != nil {
		return fmt.Errorf("cannot close the store %s: %w", s.path, err)
	}
	return nil
}
