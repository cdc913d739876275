package server

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"testing"
	"time"
	"unicode/utf8"

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

// What is taken as the parameters of a grant says so again, and nothing that it
// must not: no user is empty, no medium is unknown, no time is out of bounds.
func FuzzDecodeParams(f *testing.F) {
	f.Add([]byte(`{"userIds":["ann","bob"]}`))
	f.Add([]byte(`{"userIds":["ann"],"expect":"ON_STAGE","media":["audio"],"speakingTimeMs":60000}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if !validJSON(data) {
			return // parseRequest has refused it
		}
		keys := []string{keyUsers, keyExpect, keyMedia, keySpeaking}
		got, bad := readTargets(data, keys...)
		if bad != nil {
			wantBadParams(t, data, bad)
			return
		}
		if len(got.UserIDs) == 0 || slices.Contains(got.UserIDs, "") || (got.Expect != "" && !slices.Contains(stage.Statuses, got.Expect)) {
			t.Errorf("%q reads %+v", data, got)
		}
		if n := got.SpeakingTimeMs; n != nil && *n != 0 && (*n < 1000 || *n > 86_400_000) {
			t.Errorf("%q reads %d ms", data, *n)
		}
		back, bad := readTargets(encode(got), keys...)
		if bad != nil || !reflect.DeepEqual(back, got) {
			t.Errorf("%q reads %+v, and that %+v, %+v", data, got, back, bad)
		}
	})
}

// What is taken as a change of the settings can be applied, and says so again.
func FuzzReadPatch(f *testing.F) {
	f.Add([]byte(`{"mode":"fifo","stageLimit":3,"media":["audio"],"speakingTimeMs":60000}`))
	f.Add([]byte(`{"stageEnabled":false,"speakingEnd":"off","priority":"remove","queueLimit":1e9}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if !validJSON(data) {
			return
		}
		got, bad := readPatch(data)
		if bad != nil {
			wantBadParams(t, data, bad)
			return
		}
		back, bad := readPatch(encode(got))
		if bad != nil || !reflect.DeepEqual(back, got) {
			t.Errorf("%q reads %s, and that %s, %+v", data, encode(got), encode(back), bad)
		}
	})
}

// The rest of the decoders: what is refused is refused with a sentence.
func FuzzHostCalls(f *testing.F) {
	for method := range hostCalls {
		f.Add(string(method), []byte(`{"userIds":["ann"],"held":true,"durationMs":1}`))
	}
	f.Fuzz(func(t *testing.T, method string, data []byte) {
		read, ok := hostCalls[stage.Method(method)]
		if !ok || !validJSON(data) {
			return
		}
		if _, bad := read(data); bad != nil {
			wantBadParams(t, data, bad)
		}
	})
}

// Whatever the body of a REST call is, it is JSON when it is taken.
func FuzzReadBody(f *testing.F) {
	f.Add([]byte(" {}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(data))
		body, bad := readBody(httptest.NewRecorder(), r)
		switch {
		case bad != nil && (bad.Message == "" || statuses[bad.Code] < 400):
			t.Errorf("%q: %+v", data, bad)
		case bad == nil && body != nil && !validJSON(body):
			t.Errorf("%q is taken as %q", data, body)
		case bad == nil && body == nil && len(bytes.TrimSpace(data)) > 0:
			t.Errorf("%q is taken for nothing", data)
		}
	})
}

func wantBadParams(t *testing.T, data []byte, bad *rpcError) {
	t.Helper()
	if bad.Code != rpcInvalidParams || bad.Message == "" || len(bad.Message) > 2*maxQuoted || !utf8.ValidString(bad.Message) {
		t.Errorf("%q: %+v", data, bad)
	}
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
