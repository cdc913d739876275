package server

import (
	"encoding/json"
	"testing"
	"time"

	"podium/stage"
)

// Whatever comes in, the answer is JSON with the id as far as it could be read,
// and nothing panics.
func FuzzParseRequest(f *testing.F) {
	f.Add([]byte(`{"jsonrpc":"2.0","id":1,"method":"stage.join","params":{}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, bad := parseRequest(data)
		var e *rpcError
		if bad != nil {
			e = bad
			if bad.Message == "" || r.Method != "" {
				t.Errorf("%q: %+v %+v", data, r, bad)
			}
		}
		if reply := answer(r.ID, struct{}{}, e); !json.Valid(reply) {
			t.Errorf("%q is answered %q", data, reply)
		}
		if r.Params != nil && !json.Valid(r.Params) {
			t.Errorf("%q has the params %q", data, r.Params)
		}
	})
}

// What is taken as the parameters of a host method names users, and says so again.
func FuzzDecodeParams(f *testing.F) {
	f.Add([]byte(`{"userIds":["ann","bob"]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if !json.Valid(data) {
			return // parseRequest has refused it
		}
		var got stage.Targets
		if bad := decodeParams(data, &got, targetKeys...); bad != nil {
			if bad.Code != rpcInvalidParams || bad.Message == "" {
				t.Errorf("%q: %+v", data, bad)
			}
			return
		}
		if checkTargets(got) != nil {
			return
		}
		var back stage.Targets
		if bad := decodeParams(encode(got), &back, targetKeys...); bad != nil || len(back.UserIDs) != len(got.UserIDs) {
			t.Errorf("%q reads %v, and that %v, %+v", data, got, back, bad)
		}
	})
}

// No token that was not made with the key is taken.
func FuzzParseToken(f *testing.F) {
	key := []byte("0123456789abcdef0123456789abcdef")
	good, err := NewToken(key, TokenRequest{Meeting: "hall", UserID: "ann", Preset: stage.Presets["podium"], TTL: time.Hour}, time.Now())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Fuzz(func(t *testing.T, token string) {
		if c, err := parseToken(key, token); err == nil && (c.Meeting != "hall" || c.Subject != "ann" || c.Preset != stage.Presets["podium"]) {
			t.Errorf("%q is taken for %+v", token, c)
		}
	})
}
