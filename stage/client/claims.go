package client

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
)

// Claims are what a token says about its bearer. Only the server can check
// whether they are true.
type Claims struct {
	UserID  string `json:"sub"`
	Name    string `json:"name"`
	Meeting string `json:"meeting"`
	Expires int64  `json:"exp"` // Unix time, s; 0: it says none
}

// Describe reads a token's claims without checking them.
func Describe(token string) (Claims, error) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return Claims{}, errors.New("cannot read the token: it is not a JWT (podium token makes one)")
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return Claims{}, errors.New("cannot read the token: its payload is not base64url")
	}
	var c Claims
	if err := json.Unmarshal(payload, &c); err != nil {
		return Claims{}, errors.New("cannot read the token: its payload is not JSON")
	}
	if c.UserID == "" || c.Meeting == "" {
		return Claims{}, errors.New("cannot use the token: it names no participant or no meeting")
	}
	return c, nil
}
