package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync/atomic"
	"syscall"
	"time"

	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
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
	// lockEvery is how often it is tried meanwhile.
	lockEvery = 50 * time.Millisecond
	// mapped bytes of the file make room to grow, so that readers need not wait.
	mapped = 1 << 20
)

// Store is an open file. Its methods may be called from any goroutine.
type Store struct {
	db     *bolt.DB
	file   *os.File
	path   string
	broken atomic.Pointer[damage] // what made bbolt panic: it is not touched again
}

// Open opens the file, or makes it, and reads all of it once, so that damage
// shows now and not in the middle of a meeting. The error says what to do.
func Open(path string) (*Store, error) { return open(path, lockWait, 0) }

// open also bounds the file's size; 0: not at all.
func open(path string, wait time.Duration, maxSize int) (*Store, error) {
	_, missing := os.Stat(path)
	s := &Store{path: path}
	err := s.guarded(func() (err error) {
		s.db, err = bolt.Open(path, fileMode, &bolt.Options{
			Timeout: wait, InitialMmapSize: mapped, FreelistType: bolt.FreelistMapType, MaxSize: maxSize, NoStatistics: true,
			OpenFile: func(name string, flag int, mode os.FileMode) (*os.File, error) {
				return s.openFile(name, flag, mode, wait)
			},
		})
		return err
	})
	if err == nil {
		err = s.prepare(missing != nil)
	}
	if err != nil {
		_ = s.Close()
		return nil, openProblem(path, err)
	}
	return s, nil
}

// openFile opens and locks the file for bbolt, and looks whether its pages can be
// trusted. bbolt then finds it locked by itself, and in its own hands.
func (s *Store) openFile(name string, flag int, mode os.FileMode, wait time.Duration) (_ *os.File, err error) {
	if s.file, err = os.OpenFile(name, flag, mode); err != nil {
		return nil, err
	}
	end := time.Now().Add(wait)
	for {
		err = syscall.Flock(int(s.file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			break
		}
		if time.Now().After(end) {
			return s.file, bolterrors.ErrTimeout
		}
		time.Sleep(lockEvery)
	}
	if err == nil {
		err = verify(s.file)
	}
	return s.file, err
}

// prepare checks the format and everything in the file, and writes the first
// page of a new one.
func (s *Store) prepare(isNew bool) error {
	if err := s.guarded(s.check); err != nil {
		return err
	}
	err := s.update(func(tx *bolt.Tx) error {
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
// or a fault, into an error. bbolt may then hold locks for ever, so that every
// later call gets that error at once.
func (s *Store) guarded(do func() error) (err error) {
	if broken := s.broken.Load(); broken != nil {
		return broken
	}
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			broken := &damage{fmt.Sprint(p)}
			s.broken.Store(broken)
			err = broken
		}
	}()
	return do()
}

func (s *Store) update(do func(*bolt.Tx) error) error {
	return s.guarded(func() error { return s.db.Update(do) })
}

// Close lets the file go.
func (s *Store) Close() error {
	if s.broken.Load() != nil || s.db == nil {
		if s.file != nil { // the mapping that stays would keep the lock
			_ = syscall.Flock(int(s.file.Fd()), syscall.LOCK_UN)
			_ = s.file.Close()
		}
		return nil
	}
	if err := s.db.Close(); err != nil {
		return fmt.Errorf("cannot close the store %s: %w", s.path, err)
	}
	return nil
}
