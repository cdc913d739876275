package store

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"time"

	bolt "go.etcd.io/bbolt"

	"podium/stage"
)

// Save writes what changed in these meetings as one transaction: all of it is on
// the disk when Save returns nil, and nothing of it otherwise.
func (s *Store) Save(changes map[string]stage.Saved) error {
	err := s.update(func(tx *bolt.Tx) error {
		for name, change := range changes {
			b, err := tx.Bucket(bucketMeetings).CreateBucketIfNotExists([]byte(name))
			if err == nil {
				err = save(b, change, time.Now())
			}
			if err != nil {
				return fmt.Errorf("meeting %q: %w", name, err)
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("cannot write to the store %s: %w", s.path, err)
	}
	return nil
}

func save(b *bolt.Bucket, change stage.Saved, now time.Time) error {
	if change.Settings != nil {
		if err := put(b, keySettings, change.Settings); err != nil {
			return err
		}
	}
	if change.Priority != nil {
		if err := put(b, keyPriority, change.Priority); err != nil {
			return err
		}
	}
	if err := savePeople(b, change.People); err != nil {
		return err
	}
	if err := saveWaits(b, change.Waits, now); err != nil {
		return err
	}
	return saveRecord(b, change.Record)
}

func savePeople(b *bolt.Bucket, people []stage.SavedPerson) error {
	return each(b, bucketPeople, people, func(in *bolt.Bucket, p stage.SavedPerson) error {
		if p.Status == stage.OffStage {
			return in.Delete([]byte(p.UserID))
		}
		return put(in, []byte(p.UserID), p)
	})
}

// saveWaits also forgets the waits that are over.
func saveWaits(b *bolt.Bucket, waits []stage.SavedWait, now time.Time) error {
	if len(waits) == 0 {
		return nil
	}
	if err := prune(b, now); err != nil {
		return err
	}
	return each(b, bucketWaits, waits, func(in *bolt.Bucket, w stage.SavedWait) error {
		return put(in, []byte(w.UserID), w)
	})
}

func prune(b *bolt.Bucket, now time.Time) error {
	in := b.Bucket(bucketWaits)
	if in == nil {
		return nil
	}
	var over [][]byte
	err := in.ForEach(func(key, value []byte) error {
		var w stage.SavedWait
		if err := decode(bucketWaits, key, value, &w); err != nil {
			return err
		}
		if !now.Before(w.Until.Time) {
			over = append(over, bytes.Clone(key))
		}
		return nil
	})
	for _, key := range over {
		if err == nil {
			err = in.Delete(key)
		}
	}
	return err
}

func saveRecord(b *bolt.Bucket, entries []stage.Entry) error {
	return each(b, bucketRecord, entries, func(in *bolt.Bucket, e stage.Entry) error {
		number, err := in.NextSequence()
		if err != nil {
			return err
		}
		return put(in, binary.BigEndian.AppendUint64(nil, number), e)
	})
}

// each does one thing for every value, in the bucket of their kind.
func each[T any](b *bolt.Bucket, name []byte, values []T, do func(*bolt.Bucket, T) error) error {
	if len(values) == 0 {
		return nil
	}
	in, err := b.CreateBucketIfNotExists(name)
	for _, v := range values {
		if err == nil {
			err = do(in, v)
		}
	}
	return err
}

func put(in *bolt.Bucket, key []byte, value any) error {
	data, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return in.Put(key, data)
}
