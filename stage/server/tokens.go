package server

import (
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/golang-jwt/jwt/v5"

	"podium/stage"
	"podium/stage/enrol"
)

const (
	audience = "podium"
	// clockLeeway is how far a token's maker and this server may disagree.
	clockLeeway = 30 * time.Second
	// maxNameLength bounds userId, displayName and meeting, in characters.
	maxNameLength = 128
	// maxToken bounds a token, in bytes: the longest names, all escaped, and a
	// preset written out come to 7 KB.
	maxToken = 8 << 10
	// MinKeyLength is the least length of the HS256 key in bytes (RFC 7518, 3.2).
	MinKeyLength = 32
)

// Claims are what a participant's token says.
type Claims struct {
	Name    string       `json:"name"`
	Meeting string       `json:"meeting"`
	Preset  stage.Preset `json:"preset"`
	jwt.RegisteredClaims
}

// Validate checks the claims that are ours; the library calls it.
func (c Claims) Validate() error {
	for _, field := range []struct{ key, value string }{{"sub", c.Subject}, {"meeting", c.Meeting}} {
		if field.value == "" {
			return fmt.Errorf("claim %q is missing", field.key)
		}
	}
	for _, field := range []struct{ key, value string }{{"sub", c.Subject}, {"meeting", c.Meeting}, {"name", c.Name}} {
		if utf8.RuneCountInString(field.value) > maxNameLength {
			return fmt.Errorf("claim %q is longer than %d characters", field.key, maxNameLength)
		}
	}
	if c.Meeting == "." || c.Meeting == ".." || c.Subject == "." || c.Subject == ".." {
		return errors.New(`claims "meeting" and "sub" stand in URLs, where "." and ".." mean another place`)
	}
	if c.Preset.StageAccess == "" {
		return errors.New(`claim "preset" is missing`)
	}
	return nil
}

// tokenClaims is the form in which a token is made: a ready-made preset by its
// name, any other as an object.
type tokenClaims struct {
	Name    string `json:"name"`
	Meeting string `json:"meeting"`
	Preset  any    `json:"preset"`
	jwt.RegisteredClaims
}

// TokenRequest describes a token to be made.
type TokenRequest struct {
	Meeting string
	UserID  string
	Name    string // shown to the others; empty: the userId
	Preset  stage.Preset
	TTL     time.Duration // how long it can be used to connect
}

// NewToken makes a participant's token, signed HS256 with key.
func NewToken(key []byte, r TokenRequest, now time.Time) (string, error) {
	return sign(key, r, "", now)
}

func sign(key []byte, r TokenRequest, id string, now time.Time) (string, error) {
	if r.Name == "" {
		r.Name = r.UserID
	}
	c := Claims{Name: r.Name, Meeting: r.Meeting, Preset: r.Preset, RegisteredClaims: jwt.RegisteredClaims{
		ID: id, Subject: r.UserID, Audience: jwt.ClaimStrings{audience},
		IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(r.TTL)),
	}}
	if err := c.Validate(); err != nil {
		return "", fmt.Errorf("cannot make a token: %w", err)
	}
	if len(key) < MinKeyLength {
		return "", fmt.Errorf("cannot make a token: the key has %d bytes, %d are the least", len(key), MinKeyLength)
	}
	out := tokenClaims{Name: c.Name, Meeting: c.Meeting, Preset: c.Preset, RegisteredClaims: c.RegisteredClaims}
	if stage.Presets[r.Preset.Name] == r.Preset {
		out.Preset = r.Preset.Name
	}
	return jwt.NewWithClaims(jwt.SigningMethodHS256, out).SignedString(key)
}

// newCredential makes the token of an enrolled podium, which is good until it is withdrawn.
func newCredential(key []byte, p enrol.Podium, now time.Time) (string, error) {
	return sign(key, TokenRequest{Meeting: p.Meeting, UserID: p.UserID, Name: p.Name, Preset: stage.Presets["podium"], TTL: credentialTTL}, p.ID, now)
}

// parseToken checks a token's signature, audience, times and claims.
func parseToken(key []byte, token string) (Claims, error) {
	var c Claims
	if len(token) > maxToken {
		return Claims{}, fmt.Errorf("it has %d bytes, %d are the most", len(token), maxToken)
	}
	_, err := jwt.ParseWithClaims(token, &c,
		func(*jwt.Token) (any, error) { return key, nil },
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}),
		jwt.WithAudience(audience), jwt.WithExpirationRequired(), jwt.WithIssuedAt(),
		jwt.WithLeeway(clockLeeway))
	if err != nil {
		return Claims{}, err
	}
	if c.Name == "" {
		c.Name = c.Subject
	}
	return c, nil
}
