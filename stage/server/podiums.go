package server

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"podium/stage/enrol"
)

// credentialTTL is how long an enrolled podium's credential can be used: until it is
// withdrawn.
const credentialTTL = 20 * 365 * 24 * time.Hour

// podiums are those that were enrolled, and the codes that wait for one.
type podiums struct {
	store Podiums

	mu   sync.Mutex
	all  map[string]enrol.Podium // by the id of the credential
	book enrol.Book
}

// Podiums keeps the enrolled podiums. Its methods may be called from any goroutine.
type Podiums interface {
	// Podiums gives all of them.
	Podiums() ([]enrol.Podium, error)
	// SavePodium has outlived the process when it returns nil; one of the same meeting and
	// userId from before is forgotten with it.
	SavePodium(p enrol.Podium) error
	// ForgetPodium takes one out by its id; one that is not there is no error.
	ForgetPodium(id string) error
}

func (p *podiums) load(from Podiums) error {
	all, err := from.Podiums()
	p.store, p.all = from, map[string]enrol.Podium{}
	for _, one := range all {
		p.all[one.ID] = one
	}
	return err
}

// holds reports whether these claims are still good: those of a token that podium token
// made are until their end, those of an enrolled podium until it is withdrawn.
func (p *podiums) holds(c Claims) bool {
	if c.ID == "" {
		return true
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	one, ok := p.all[c.ID]
	return ok && one.Meeting == c.Meeting && one.UserID == c.Subject
}

// list gives a meeting's podiums, by userId.
func (p *podiums) list(meeting string) []enrol.Podium {
	p.mu.Lock()
	defer p.mu.Unlock()
	list := []enrol.Podium{}
	for _, one := range p.all {
		if one.Meeting == meeting {
			list = append(list, one)
		}
	}
	slices.SortFunc(list, func(a, b enrol.Podium) int { return cmp.Compare(a.UserID, b.UserID) })
	return list
}

// invite lets a code wait for a podium, which gets the next free name if it has none.
func (p *podiums) invite(key enrol.Key, one enrol.Podium, now time.Time) (enrol.Podium, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	taken := func(userID string) bool {
		for _, other := range p.all {
			if other.Meeting == one.Meeting && other.UserID == userID {
				return true
			}
		}
		return false
	}
	for n := 1; one.UserID == ""; n++ {
		if id := fmt.Sprintf("podium-%d", n); !taken(id) && !p.book.Waits(one.Meeting, id) {
			one.UserID = id
			one.Name = cmp.Or(one.Name, fmt.Sprintf("Podium %d", n))
		}
	}
	one.Name = cmp.Or(one.Name, one.UserID)
	return one, p.book.Add(key, one, now)
}

// take enrols the podium that proves to know a code.
func (p *podiums) take(nonce, proof []byte, fingerprints []string, id string, now time.Time) (enrol.Podium, enrol.Key, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	one, key, err := p.book.Take(nonce, proof, fingerprints, now)
	if err != nil {
		return one, key, err
	}
	one.ID, one.EnrolledAt = id, now.UTC().Truncate(time.Millisecond)
	if err := p.store.SavePodium(one); err != nil {
		return one, key, err
	}
	for former, other := range p.all {
		if other.Meeting == one.Meeting && other.UserID == one.UserID {
			delete(p.all, former)
		}
	}
	p.all[id] = one
	return one, key, nil
}

// errNoPodium tells that nobody of this name was enrolled.
var errNoPodium = errors.New("no such podium was enrolled in this meeting")

// withdraw takes a podium's credential from it.
func (p *podiums) withdraw(meeting, userID string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	for id, one := range p.all {
		if one.Meeting == meeting && one.UserID == userID {
			if err := p.store.ForgetPodium(id); err != nil {
				return err
			}
			delete(p.all, id)
			return nil
		}
	}
	return errNoPodium
}
