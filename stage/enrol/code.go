package enrol

import (
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"strings"
)

// alphabet has no letters and digits that are taken for each other.
const alphabet = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"

// A code has two groups of four: 8 of 31 signs are 39 bits.
const (
	group  = 4
	length = 2 * group
)

// NewCode makes a code, such as "K7QM-3XWP".
func NewCode() string {
	var b strings.Builder
	for n := range length {
		if n == group {
			b.WriteByte('-')
		}
		at, err := rand.Int(rand.Reader, big.NewInt(int64(len(alphabet))))
		if err != nil {
			panic(err) // crypto/rand: never
		}
		b.WriteByte(alphabet[at.Int64()])
	}
	return b.String()
}

// ErrCode tells that a text is no code.
var ErrCode = errors.New("a code has eight letters and digits, such as K7QM-3XWP; the console shows it (Add a podium)")

// ParseCode reads a code as people type it: in small letters, with blanks, without the
// hyphen.
func ParseCode(text string) (string, error) {
	var b strings.Builder
	for _, r := range strings.ToUpper(text) {
		switch {
		case r == '-' || r == ' ' || r == '\t':
		case strings.ContainsRune(alphabet, r):
			b.WriteRune(r)
		default:
			return "", fmt.Errorf("%q is in no code: %w", r, ErrCode)
		}
	}
	if b.Len() != length {
		return "", fmt.Errorf("it has %d signs: %w", b.Len(), ErrCode)
	}
	return b.String()[:group] + "-" + b.String()[group:], nil
}
