package server

import (
	"net/http"

	"podium/stage"
)

// Engine is the media plane. It enforces what the stage decides, whatever a
// device sends; it decides nothing itself. The calls come in the order of the
// stage's steps, must not block on a client, and must not call the server back
// before they return (OnAir reports come from a goroutine of the engine's own).
type Engine interface {
	// Admit gives a one-time token for one publication of the turn. An earlier
	// unused token of the same user in the meeting dies.
	Admit(stage.Turn) (stage.Admission, error)
	// Evict ends the user's turn in the meeting: on return nothing more of it
	// is forwarded.
	Evict(meeting, userID string)
	// WHIP serves /v1/whip/ and checks publish tokens itself.
	WHIP() http.Handler
	// WHEP serves /v1/whep/; the server has checked the viewer.
	WHEP() http.Handler
}
