package enrol

import (
	"errors"
	"slices"
	"time"
)

const (
	// Lasts is how long a code can be used.
	Lasts = 10 * time.Minute
	// mostWrong is how many wrong proofs a code outlives: of 8e11 codes somebody would have
	// tried so many.
	mostWrong = 200
	// mostCodes is how many may be waiting at once.
	mostCodes = 64
)

// Podium is one that has been enrolled, or is invited to be.
type Podium struct {
	ID         string    `json:"id"` // of its credential
	Meeting    string    `json:"meeting"`
	UserID     string    `json:"userId"`
	Name       string    `json:"displayName"`
	EnrolledAt time.Time `json:"enrolledAt"`
	By         string    `json:"by"` // the userId of the host who made the code
}

// Book has the codes that wait. It is not for several goroutines at once.
type Book struct{ codes []invitation }

type invitation struct {
	key    Key
	podium Podium
	until  time.Time
	wrong  int
}

// The errors of a book.
var (
	ErrFull    = errors.New("too many codes wait for their podiums; use them, or wait ten minutes")
	ErrUnknown = errors.New("the code is wrong, was used, or is older than ten minutes; or somebody stands between this podium and the stage. Make a new one on the console")
)

// Add lets a code wait for its podium. A podium with the same userId that waits already
// has a new code then.
func (b *Book) Add(key Key, p Podium, now time.Time) error {
	b.clean(now)
	b.codes = slices.DeleteFunc(b.codes, func(i invitation) bool {
		return i.podium.Meeting == p.Meeting && i.podium.UserID == p.UserID
	})
	if len(b.codes) >= mostCodes {
		return ErrFull
	}
	b.codes = append(b.codes, invitation{key: key, podium: p, until: now.Add(Lasts)})
	return nil
}

// Take finds the code that a podium proves to know, for one of the server's own
// fingerprints, and uses it up.
func (b *Book) Take(nonce, proof []byte, fingerprints []string, now time.Time) (Podium, Key, error) {
	b.clean(now)
	found := -1
	for n := range b.codes {
		for _, f := range fingerprints {
			if Equal(proof, b.codes[n].key.Asks(nonce, f)) {
				found = n
			}
		}
	}
	if found < 0 {
		for n := range b.codes {
			b.codes[n].wrong++
		}
		return Podium{}, Key{}, ErrUnknown
	}
	taken := b.codes[found]
	b.codes = slices.Delete(b.codes, found, found+1)
	return taken.podium, taken.key, nil
}

// clean forgets the codes that are over.
func (b *Book) clean(now time.Time) {
	b.codes = slices.DeleteFunc(b.codes, func(i invitation) bool { return !now.Before(i.until) || i.wrong >= mostWrong })
}

// Waits reports whether a code waits for this podium.
func (b *Book) Waits(meeting, userID string) bool {
	return slices.ContainsFunc(b.codes, func(i invitation) bool { return i.podium.Meeting == meeting && i.podium.UserID == userID })
}
