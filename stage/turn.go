package stage

import "time"

// Media is one kind of media a turn may carry.
type Media string

// The two kinds of media a grant can cover.
const (
	Audio Media = "audio"
	Video Media = "video"
)

// Turn is one stay on stage: from one join to its end. A new join is a new
// turn with a higher Number, so that nothing made for an old turn fits a new one.
type Turn struct {
	Meeting string
	UserID  string
	Number  uint64  // counts up per server process, starts at 1
	Media   []Media // what the grant covers; never empty
}

// Carries reports whether the turn's grant covers kind.
func (t Turn) Carries(kind Media) bool {
	for _, m := range t.Media {
		if m == kind {
			return true
		}
	}
	return false
}

// Admission is an engine's leave to publish once.
type Admission struct {
	Token     string    // opaque; bound to meeting, user and turn; good for one publication
	ExpiresAt time.Time // the token cannot be used from then on
}
