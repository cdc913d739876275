package fingerprint

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// prefix names the hash, as ssh does.
const prefix = "SHA256:"

// Key is the SHA-256 hash of a public key (its SubjectPublicKeyInfo, DER). The
// zero value stands for none.
type Key [sha256.Size]byte

// Of gives the fingerprint of a certificate's key.
func Of(cert *x509.Certificate) Key { return sha256.Sum256(cert.RawSubjectPublicKeyInfo) }

// OfCertificate gives the hash of the whole certificate, which browsers and
// openssl show. It is no Key's, but it is easily taken for it.
func OfCertificate(cert *x509.Certificate) Key { return sha256.Sum256(cert.Raw) }

// String gives "SHA256:" and 64 lower-case hexadecimal digits.
func (k Key) String() string { return prefix + hex.EncodeToString(k[:]) }

// MarshalText meets encoding.TextMarshaler.
func (k Key) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// IsZero tells whether there is none.
func (k Key) IsZero() bool { return k == Key{} }

var errForm = errors.New("give SHA256: and 64 hexadecimal digits, as podium fingerprint prints them on the server")

// Parse reads a fingerprint: capitals or not, with or without colons between the
// bytes, with or without "SHA256:". The error says what to give instead.
func Parse(text string) (Key, error) {
	digits := text
	if len(text) >= len(prefix) && strings.EqualFold(text[:len(prefix)], prefix) {
		digits = text[len(prefix):]
	}
	if parts := strings.Split(digits, ":"); len(parts) > 1 {
		for _, part := range parts {
			if len(part) != 2 {
				return Key{}, fmt.Errorf("%q is no fingerprint: not two digits between the colons; %w", text, errForm)
			}
		}
		digits = strings.Join(parts, "")
	}
	raw, err := hex.DecodeString(digits)
	if err != nil {
		return Key{}, fmt.Errorf("%q is no fingerprint: it has other characters than hexadecimal digits, or half a byte; %w", text, errForm)
	}
	if len(raw) != sha256.Size {
		return Key{}, fmt.Errorf("%q is no fingerprint: it has %d digits; %w", text, len(digits), errForm)
	}
	k := Key(raw)
	if k.IsZero() {
		return Key{}, fmt.Errorf("%q is no fingerprint: it is nothing but zeros; %w", text, errForm)
	}
	return k, nil
}
