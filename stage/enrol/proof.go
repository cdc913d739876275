package enrol

import (
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
)

// Key is what both sides make of a code.
type Key [sha256.Size]byte

const (
	// rounds of PBKDF2 (RFC 8018) make each guess of somebody who has heard a proof cost
	// some 50 ms: 39 bits in ten minutes are then out of reach.
	rounds = 200_000
	salt   = "podium enrol 1"
	// NonceLength is the length of a podium's nonce in bytes.
	NonceLength = 16
)

// KeyOf takes some 50 ms.
func KeyOf(code string) Key {
	key, err := pbkdf2.Key(sha256.New, code, []byte(salt), rounds, sha256.Size)
	if err != nil {
		panic(err) // only for parameters that FIPS 140 does not know
	}
	return Key(key)
}

// NewNonce makes a podium's nonce.
func NewNonce() []byte {
	nonce := make([]byte, NonceLength)
	_, _ = rand.Read(nonce) // never fails
	return nonce
}

// Asks is the podium's proof: that it knows the code, and which server it talks to. The
// fingerprint is that of the server's key; empty where nothing is pinned, over plain HTTP
// or when the system's authorities vouch for the certificate.
func (k Key) Asks(nonce []byte, fingerprint string) []byte { return k.mac("ask", nonce, fingerprint) }

// Answers is the server's proof: that it knows the code, and gives this credential.
func (k Key) Answers(nonce []byte, credential string) []byte {
	return k.mac("answer", nonce, credential)
}

// Equal compares two proofs, in a time that does not depend on them.
func Equal(a, b []byte) bool { return hmac.Equal(a, b) }

// mac is HMAC-SHA256 (RFC 2104) of parts that cannot be taken for other ones: each has
// its length before it.
func (k Key) mac(parts ...any) []byte {
	m := hmac.New(sha256.New, k[:])
	for _, part := range parts {
		var data []byte
		switch p := part.(type) {
		case string:
			data = []byte(p)
		case []byte:
			data = p
		}
		m.Write(binary.BigEndian.AppendUint32(nil, uint32(len(data))))
		m.Write(data)
	}
	return m.Sum(nil)
}
