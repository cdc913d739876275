package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	bolt "go.etcd.io/bbolt"

	"podium/stage"
)

// Load reads every meeting, by name, without the records.
func (s *Store) Load() (map[string]stage.Saved, error) {
	all := map[string]stage.Saved{}
	err := s.view(func(meetings *bolt.Bucket) error {
		return meetings.ForEachBucket(func(name []byte) (err error) {
			all[string(name)], err = load(meetings.Bucket(name), time.Now())
			return of(name, err)
		})
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// LoadMeeting reads one meeting without its record; of one that it does not know
// it gives nothing.
func (s *Store) LoadMeeting(name string) (saved stage.Saved, err error) {
	err = s.view(func(meetings *bolt.Bucket) (err error) {
		if b := meetings.Bucket([]byte(name)); b != nil {
			saved, err = load(b, time.Now())
		}
		return of([]byte(name), err)
	})
	return saved, err
}

// Record reads a meeting's record, the oldest turn first.
func (s *Store) Record(name string) (entries []stage.Entry, err error) {
	err = s.view(func(meetings *bolt.Bucket) (err error) {
		if b := meetings.Bucket([]byte(name)); b != nil {
			entries, err = values[stage.Entry](b, bucketRecord, nil)
		}
		return of([]byte(name), err)
	})
	return entries, err
}

// view reads within the meetings' bucket; before the first Save there is none.
func (s *Store) view(do func(meetings *bolt.Bucket) error) error {
	err := s.guarded(func() error {
		return s.db.View(func(tx *bolt.Tx) error {
			if meetings := tx.Bucket(bucketMeetings); meetings != nil {
				return do(meetings)
			}
			return nil
		})
	})
	if err != nil {
		return fmt.Errorf("cannot read the store %s: %w", s.path, err)
	}
	return nil
}

// of says in which meeting something went wrong.
func of(meeting []byte, err error) error {
	var damaged *damage
	switch {
	case err == nil:
		return nil
	case errors.As(err, &damaged):
		return &damage{fmt.Sprintf("meeting %q: %s", meeting, damaged.what)}
	default:
		return fmt.Errorf("meeting %q: %w", meeting, err)
	}
}

func load(b *bolt.Bucket, now time.Time) (saved stage.Saved, err error) {
	if saved.Settings, err = value[stage.Settings](b, keySettings); err != nil {
		return saved, err
	}
	if saved.Priority, err = value[stage.Priority](b, keyPriority); err != nil {
		return saved, err
	}
	if saved.People, err = values(b, bucketPeople, personProblem); err != nil {
		return saved, err
	}
	waits, err := values(b, bucketWaits, waitProblem)
	for _, w := range waits {
		if now.Before(w.Until.Time) {
			saved.Waits = append(saved.Waits, w)
		}
	}
	return saved, err
}

// value reads one key; nil when it is not there.
func value[T any](b *bolt.Bucket, key []byte) (*T, error) {
	data := b.Get(key)
	if data == nil {
		return nil, nil
	}
	v := new(T)
	return v, decode(nil, key, data, v)
}

// values reads a bucket in the order of its keys. problem says what is wrong with
// a value of this key; nil: nothing can be.
func values[T any](b *bolt.Bucket, name []byte, problem func(key string, v T) string) (list []T, err error) {
	bucket := b.Bucket(name)
	if bucket == nil {
		return nil, nil
	}
	err = bucket.ForEach(func(key, data []byte) error {
		var v T
		err := decode(name, key, data, &v)
		if err == nil && problem != nil {
			if what := problem(string(key), v); what != "" {
				err = &damage{fmt.Sprintf("%s %q: %s", name, key, what)}
			}
		}
		list = append(list, v)
		return err
	})
	return list, err
}

// personProblem finds what no Save has written: the rules would take it for a
// participant without a status, or two with one userId.
func personProblem(key string, p stage.SavedPerson) string {
	switch {
	case p.UserID != key:
		return fmt.Sprintf("it is of %q", p.UserID)
	case p.Status == "" || p.Preset.StageAccess == "":
		return "it has no status or no preset"
	}
	return ""
}

func waitProblem(key string, w stage.SavedWait) string {
	if w.UserID != key {
		return fmt.Sprintf("it is of %q", w.UserID)
	}
	return ""
}

func decode(bucket, key, data []byte, into any) error {
	if err := json.Unmarshal(data, into); err != nil {
		return &damage{fmt.Sprintf("%s %q: %v", bucket, key, err)}
	}
	return nil
}
