package store

import (
	"encoding/json"
	"fmt"

	bolt "go.etcd.io/bbolt"

	"podium/stage/enrol"
)

// bucketPodiums has the enrolled podiums, by the id of their credential.
var bucketPodiums = []byte("podiums")

// Podiums reads the enrolled podiums.
func (s *Store) Podiums() (all []enrol.Podium, err error) {
	err = s.guarded(func() error {
		return s.db.View(func(tx *bolt.Tx) error {
			b := tx.Bucket(bucketPodiums)
			if b == nil {
				return nil
			}
			return b.ForEach(func(id, data []byte) error {
				var p enrol.Podium
				if err := json.Unmarshal(data, &p); err != nil || p.ID != string(id) {
					return &damage{fmt.Sprintf("podium %q: not what was written", id)}
				}
				all = append(all, p)
				return nil
			})
		})
	})
	if err != nil {
		return nil, fmt.Errorf("cannot read the store %s: %w", s.path, err)
	}
	return all, nil
}

// SavePodium is on the disk when it returns nil. A podium of the same meeting and userId
// that was enrolled before is forgotten with it.
func (s *Store) SavePodium(p enrol.Podium) error {
	return s.changePodiums(func(b *bolt.Bucket) error {
		var former [][]byte
		err := b.ForEach(func(id, data []byte) error {
			var f enrol.Podium
			if json.Unmarshal(data, &f) == nil && f.Meeting == p.Meeting && f.UserID == p.UserID {
				former = append(former, id)
			}
			return nil
		})
		for _, id := range former {
			if err == nil {
				err = b.Delete(id)
			}
		}
		if err != nil {
			return err
		}
		return put(b, []byte(p.ID), p)
	})
}

// ForgetPodium takes a podium out; one that is not there is no error.
func (s *Store) ForgetPodium(id string) error {
	return s.changePodiums(func(b *bolt.Bucket) error { return b.Delete([]byte(id)) })
}

func (s *Store) changePodiums(do func(*bolt.Bucket) error) error {
	err := s.update(func(tx *bolt.Tx) error {
		b, err := tx.CreateBucketIfNotExists(bucketPodiums)
		if err != nil {
			return err
		}
		return do(b)
	})
	if err != nil {
		return fmt.Errorf("cannot write to the store %s: %w", s.path, err)
	}
	return nil
}
