package room

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"podium/stage"
)

// errClosed answers every call after Close.
var errClosed = errors.New("the media room is closed")

// Admit gives leave to publish once in turn t. An earlier, unused token of the
// same user dies. A session of the same turn runs on until the new token is
// used, and is then replaced; a session of an older turn is cut at once.
//
// Errors: the room is closed, the turn names no media or nobody, or a newer
// turn of the same user has begun.
func (r *Room) Admit(t stage.Turn) (stage.Admission, error) {
	if err := checkTurn(t); err != nil {
		return stage.Admission{}, err
	}
	r.settleSleep()
	t.Media = slices.Clone(t.Media)
	token, now := newID(), time.Now()
	admission := stage.Admission{Token: token, ExpiresAt: now.Add(r.conf.TokenTTL)}

	r.mu.Lock()
	if r.closed {
		r.mu.Unlock()
		return stage.Admission{}, errClosed
	}
	s, err := r.slotFor(seat{t.Meeting, t.UserID})
	if err != nil {
		r.mu.Unlock()
		return stage.Admission{}, err
	}
	if s.turn != nil && t.Number < s.turn.Number {
		r.mu.Unlock()
		return stage.Admission{}, fmt.Errorf("cannot admit %s to %s for turn %d: turn %d has begun",
			t.UserID, t.Meeting, t.Number, s.turn.Number)
	}
	var gone *publication
	if s.turn != nil && t.Number > s.turn.Number {
		gone = r.endTurn(s, now)
	}
	r.drop(s.pass)
	s.turn, s.pass = &t, &pass{key: keyOf(token), turn: t, slot: s, expires: admission.ExpiresAt}
	r.passes[s.pass.key] = s.pass
	r.mu.Unlock()

	s.shut(gone)
	return admission, nil
}

// Evict ends the user's turn. When it returns no packet of that user is
// forwarded to anybody any more, resent ones included; the connection is torn
// down in the background. It waits for at most one packet to one viewer.
func (r *Room) Evict(meeting, userID string) {
	now := time.Now()
	r.mu.Lock()
	s := r.slots[seat{meeting, userID}]
	if s == nil || r.closed {
		r.mu.Unlock()
		return
	}
	gone := r.endTurn(s, now)
	r.tidy(s)
	r.mu.Unlock()

	s.shut(gone)
	if gone != nil {
		r.log.Info("publication cut", "meeting", meeting, "user", userID, "reason", "evicted")
	}
}

// checkTurn says what is wrong with t, or nil.
func checkTurn(t stage.Turn) error {
	if t.Meeting == "" || t.UserID == "" {
		return errors.New("cannot admit a turn without a meeting or without a user")
	}
	if !t.Carries(stage.Audio) && !t.Carries(stage.Video) {
		return fmt.Errorf("cannot admit %s to %s: the turn carries neither audio nor video", t.UserID, t.Meeting)
	}
	return nil
}

// endTurn takes the turn's tokens and its publication away and returns the
// publication, whose lanes the caller shuts. Room.mu is held.
func (r *Room) endTurn(s *slot, now time.Time) *publication {
	gone := s.pub
	if gone != nil {
		r.outlive(gone.pass, now)
	}
	r.outlive(s.pass, now)
	s.turn, s.pass = nil, nil
	r.detach(gone)
	return gone
}
