package server

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/golang-jwt/jwt/v5"

	"podium/stage"
)

// FuzzClaims signs any header and payload with the right key: a token whose
// maker was careless. What is taken is within the bounds, and what it is taken
// for can be made into a token that is taken for the same.
func FuzzClaims(f *testing.F) {
	const head = `{"alg":"HS256","typ":"JWT"}`
	f.Add(head, `{"sub":"ann","name":"Ann","meeting":"hall","preset":"podium","aud":"podium","iat":1700000000,"exp":32503680000}`)
	f.Add(head, `{"sub":"ann","meeting":"hall","preset":{"stageAccess":"ALLOWED"},"aud":["organ","podium"],"exp":32503680000.5}`)
	f.Add(head, `{"sub":"..","meeting":".","preset":null,"aud":[],"exp":-1,"nbf":1e300}`)
	f.Add(`{"alg":"none"}`, `{"sub":"ann","meeting":"hall","preset":"host","aud":"podium","exp":32503680000}`)
	f.Fuzz(func(t *testing.T, header, payload string) {
		encode := base64.RawURLEncoding.EncodeToString
		text := encode([]byte(header)) + "." + encode([]byte(payload))
		signature, err := jwt.SigningMethodHS256.Sign(text, fuzzKey)
		if err != nil {
			t.Fatal(err)
		}
		c, err := parseToken(fuzzKey, text+"."+encode(signature))
		if err != nil {
			if !isEmpty(c) {
				t.Errorf("%s is refused and read as %+v", payload, c)
			}
			return
		}
		for _, name := range []string{c.Subject, c.Meeting, c.Name} {
			if name == "" || name == "." || name == ".." && name != c.Name || utf8.RuneCountInString(name) > maxNameLength {
				t.Errorf("%s is taken with the name %q", payload, name)
			}
		}
		if !slices.Contains(c.Audience, audience) || c.ExpiresAt == nil || time.Until(c.ExpiresAt.Time) < -clockLeeway {
			t.Errorf("%s is taken", payload)
		}
		if !strings.Contains(header, "HS256") {
			t.Errorf("the header %s is taken", header)
		}
		again, err := NewToken(fuzzKey, TokenRequest{Meeting: c.Meeting, UserID: c.Subject, Name: c.Name, Preset: c.Preset, TTL: time.Hour}, time.Now())
		if err != nil {
			t.Fatalf("%s is taken for what is no token: %v", payload, err)
		}
		back, err := parseToken(fuzzKey, again)
		if err != nil || back.Subject != c.Subject || back.Meeting != c.Meeting || back.Name != c.Name || back.Preset != c.Preset {
			t.Errorf("%s is taken for %+v, and that for %+v, %v", payload, c, back, err)
		}
	})
}

func isEmpty(c Claims) bool {
	return c.Subject == "" && c.Meeting == "" && c.Preset == stage.Preset{}
}

// FuzzRecordCSV makes a record of any names: what a spreadsheet reads has the
// same lines, and no cell is a formula.
func FuzzRecordCSV(f *testing.F) {
	f.Add("ann", "Ann", "=1+1", "hall", int64(5000))
	f.Add("@a", "-2+3\r\n\"x\",y", "\t", "../../etc", int64(-1))
	f.Add("", "\x00\xff", "+", "\"; filename=x", int64(1<<62))
	f.Fuzz(func(t *testing.T, user, name, by, meeting string, ms int64) {
		entries := make([]stage.Entry, 3)
		for i := range entries {
			entries[i] = stage.Entry{UserID: user, DisplayName: name, LetInBy: by, EndedBy: by, OnStageMs: ms, OnAirMs: -ms, Media: []stage.Media{stage.Audio}}
		}
		checkCSV(t, meeting, entries)
		if data, err := json.Marshal(entries); err != nil || !json.Valid(data) {
			t.Errorf("%v cannot be sent: %v", entries, err)
		}
	})
}
