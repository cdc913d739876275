package room

import (
	"net/http"
	"testing"
)

func (h *hall) passes() int {
	h.room.mu.Lock()
	defer h.room.mu.Unlock()
	return len(h.room.passes)
}

// However many turns there are, those that are over do not fill the memory.
func TestTokensOfTurnsThatAreOverAreBounded(t *testing.T) {
	h := newHall(t, Config{})
	oldest := h.admit(turn("ada", 1))
	h.room.Evict("hall", "ada")
	var latest string
	for n := range uint64(maxOver) {
		latest = h.admit(turn("ada", n+2))
		h.room.Evict("hall", "ada")
	}
	if n := h.passes(); n != maxOver {
		t.Errorf("%d tokens are known, want %d", n, maxOver)
	}
	h.want(h.post(latest, "v=0"), http.StatusForbidden, "over")
	h.want(h.post(oldest, "v=0"), http.StatusUnauthorized)
}

// A session that ends while a newer token of its turn waits takes its own along.
func TestTheTokenOfAnEndedSessionIsForgotten(t *testing.T) {
	h := newHall(t, Config{})
	p := newPublisher(h, nil).start(h.admit(turn("ada", 1)))
	h.admit(turn("ada", 1))
	if n := h.passes(); n != 2 {
		t.Fatalf("%d tokens are known of a session and a newer place, want 2", n)
	}
	h.want(h.request(http.MethodDelete, p.location, p.token, "", ""), http.StatusOK)
	if n := h.passes(); n != 1 {
		t.Errorf("%d tokens are known when the session has ended, want 1", n)
	}
	h.want(h.request(http.MethodDelete, p.location, p.token, "", ""), http.StatusUnauthorized)
}
