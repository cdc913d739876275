package room

import (
	"crypto/sha256"
	"net/http"
	"strings"
	"sync"
	"time"

	"podium/stage"
)

// tokenKey is the hash under which a token is kept: what is looked up by the
// bytes of an outsider is not compared byte by byte with a secret.
type tokenKey [sha256.Size]byte

func keyOf(token string) tokenKey { return sha256.Sum256([]byte(token)) }

// pass is the room's side of a one-time token.
type pass struct {
	key  tokenKey
	turn stage.Turn

	// posting is held by the one request that is trying to use the token.
	posting sync.Mutex
	tries   int // guarded by posting

	// Guarded by Room.mu.
	slot    *slot     // nil when the turn is over
	expires time.Time // of the unused token; of the memory of a turn that is over
	used    bool
	over    bool         // the turn has ended
	pub     *publication // the running session made with it
}

// state says why the pass does not open a publication in meeting at now, or
// nil. Room.mu is held.
func (p *pass) state(meeting string, now time.Time) *problem {
	switch {
	case p == nil || p.turn.Meeting != meeting:
		return unauthorized("The publish token is not valid in this meeting.")
	case p.over:
		return refuse(http.StatusForbidden, "The turn that this publish token was made for is over.")
	case p.used:
		return unauthorized("The publish token has been used already.")
	case !now.Before(p.expires):
		return unauthorized("The publish token has expired.")
	}
	return nil
}

// passFor finds the pass that req shows. It is returned even when it cannot be
// used (any more); the caller asks its state.
func (r *Room) passFor(req *http.Request) (*pass, *problem) {
	token, ok := bearer(req)
	if !ok {
		return nil, unauthorized("A publish token is needed: Authorization: Bearer.")
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.passes[keyOf(token)], nil
}

func bearer(req *http.Request) (string, bool) {
	scheme, token, found := strings.Cut(req.Header.Get("Authorization"), " ")
	token = strings.TrimSpace(token)
	return token, found && strings.EqualFold(scheme, "Bearer") && token != ""
}

// usable is state for callers without the lock, and the slot that a usable
// pass is for.
func (r *Room) usable(p *pass, meeting string) (*slot, *problem) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if prob := p.state(meeting, time.Now()); prob != nil {
		return nil, prob
	}
	return p.slot, nil
}

// outlive marks a token whose turn is over, and drops those that have been over
// for so long, or are so many, that nobody needs to be told. Room.mu is held.
func (r *Room) outlive(p *pass, now time.Time) {
	if p != nil && !p.over {
		p.over, p.slot, p.expires = true, nil, now.Add(overMemory)
		r.over = append(r.over, p)
	}
	for len(r.over) > 0 && (now.After(r.over[0].expires) || len(r.over) > maxOver) {
		delete(r.passes, r.over[0].key)
		r.over[0] = nil
		r.over = r.over[1:]
	}
}

// drop forgets a token that a newer one of the same turn stands for, unless a
// running session still has it as its key. Room.mu is held.
func (r *Room) drop(p *pass) {
	if p != nil && p.pub == nil && !p.over {
		delete(r.passes, p.key)
	}
}
