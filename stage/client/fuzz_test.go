package client

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"podium/stage"
)

// FuzzParseMessage reads what a server may send. A call gets its one answer or
// waits on, and then learns of the end; an event is told with its own
// parameters; a refusal says something and asks for no endless wait.
func FuzzParseMessage(f *testing.F) {
	for _, message := range []string{
		`{"jsonrpc":"2.0","id":1,"result":{"status":"ON_STAGE"}}`,
		`{"jsonrpc":"2.0","method":"stageStatusUpdate","params":{"status":"OFF_STAGE"}}`,
		`{"jsonrpc":"2.0","id":1,"error":{"code":2103,"message":"too soon","data":{"retryAfterMs":9223372036854775807}}}`,
		`{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":""}}`,
		`{"id":18446744073709551615,"method":"x","result":[],"error":{"code":0}}`,
	} {
		f.Add([]byte(message))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := parseMessage(data)
		if err != nil {
			return
		}
		var told []Report
		var refused []error
		s := newSession(nil, func(r Report) { told = append(told, r) })
		s.start(stage.Join, nil, func(_ json.RawMessage, err error) { refused = append(refused, err) })
		s.dispatch(m)
		s.dispatch(m) // an answer that comes twice is nobody's
		if len(refused) > 1 || len(told) > 2 || m.ID != nil && len(told) > 0 {
			t.Errorf("%q answers %v and tells %v", data, refused, told)
		}
		for _, r := range told {
			if n, ok := r.(Notification); !ok || n.Event == "" || len(n.Params) > 0 && !json.Valid(n.Params) {
				t.Errorf("%q tells %+v", data, r)
			}
		}
		s.abandon()
		if len(refused) != 1 {
			t.Fatalf("%q: the call ended %d times", data, len(refused))
		}
		wantRefusal(t, refused[0])
	})
}

// wantRefusal wants an error, if it is one, to have words and a bounded wait.
func wantRefusal(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		return
	}
	if strings.TrimSpace(err.Error()) == "" {
		t.Errorf("refused without a word: %#v", err)
	}
	var wait time.Duration
	var ours *stage.Error
	var theirs *ProtocolError
	switch {
	case errors.As(err, &ours):
		wait = ours.RetryAfter
	case errors.As(err, &theirs):
		wait = theirs.RetryAfter
	}
	if wait < 0 || wait > mostWaitMs*time.Millisecond {
		t.Errorf("%v asks to wait %v", err, wait)
	}
}

// FuzzJoined reads the answer to meeting.join: the lease that it states is one
// that ends.
func FuzzJoined(f *testing.F) {
	for _, answer := range []string{
		`{"self":{"userId":"ann","status":"ON_STAGE"},"participants":[],"viewerCount":3,"leaseMs":5000,"settings":{"mode":"fifo"}}`,
		`{"leaseMs":-1}`, `{"leaseMs":9223372036854775807}`, `{"leaseMs":9223372036855}`, `null`,
	} {
		f.Add([]byte(answer))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		joined, err := readJoined(data)
		if err != nil {
			if !reflect.DeepEqual(joined, stage.Joined{}) {
				t.Errorf("%q is refused and read as %+v", data, joined)
			}
			return
		}
		if lease := time.Duration(joined.LeaseMs) * time.Millisecond; lease < 0 || lease > longestLease {
			t.Errorf("%q states a lease of %v", data, lease)
		}
	})
}

// said is a server that answers anything.
type said struct {
	code        int
	contentType string
	body        []byte
	token       string
	t           *testing.T
}

func (s said) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.Contains(r.URL.String(), s.token) || r.Header.Get("Authorization") != "Bearer "+s.token {
		s.t.Errorf("the token stands in %s, %v", r.URL, r.Header)
	}
	header := http.Header{"Content-Type": {s.contentType}}
	return &http.Response{StatusCode: s.code, Header: header, Body: io.NopCloser(bytes.NewReader(s.body))}, nil
}

// FuzzREST reads a server's answers to a host's calls. One is taken as what it
// should be, or refused by an error of one of the promised types.
func FuzzREST(f *testing.F) {
	for code, bodies := range map[uint16][]string{
		200: {`[]`, `[{"userId":"ann","position":1,"requestedAt":"2026-11-24T12:00:00.000Z"}]`, `{"results":[{"userId":"ann","ok":false,"code":2104,"message":"unknown"}]}`, `{"mode":"fifo"}`, `<html>`},
		409: {`{"error":{"code":2006,"message":"no"}}`}, 429: {`{"error":{"code":-32005,"message":"slow","data":{"retryAfterMs":1}}}`},
		401: {`{"error":{"message":"token refused"}}`, ``}, 502: {"\x1b[2J\xff"},
	} {
		for call := range uint8(6) {
			for _, body := range bodies {
				f.Add(call, code, "application/json", []byte(body))
			}
		}
	}
	f.Fuzz(func(t *testing.T, call uint8, code uint16, contentType string, body []byte) {
		token := "a." + base64.RawURLEncoding.EncodeToString([]byte(`{"sub":"boss","meeting":"ha/ll?#"}`)) + ".c"
		host, err := NewREST("http://stage.example", token)
		if err != nil {
			t.Fatal(err)
		}
		status := 200 + int(code)%400
		host.http.Transport = said{status, contentType, body, token, t}
		var copied bytes.Buffer
		switch call % 6 {
		case 0:
			_, err = host.Requests(t.Context())
		case 1:
			_, err = host.Participants(t.Context())
		case 2:
			_, err = host.GrantNext(t.Context(), GrantTerms{})
		case 3:
			_, err = host.Settings(t.Context())
		case 4:
			_, err = host.Record(t.Context())
		default:
			err = host.RecordCSV(t.Context(), &copied)
		}
		wantRefusal(t, err)
		var ours *stage.Error
		var theirs *ProtocolError
		var turned *RefusedError
		typed := errors.As(err, &ours) || errors.As(err, &theirs) || errors.As(err, &turned)
		redirected := status/100 == 3 // net/http has its own word on these
		if (status == http.StatusOK) == typed && !redirected || status != http.StatusOK && err == nil {
			t.Errorf("%d %q gives %v", status, body, err)
		}
	})
}

// FuzzDescribe: claims that are read are those of the payload.
func FuzzDescribe(f *testing.F) {
	f.Add("a.eyJzdWIiOiJ1IiwibWVldGluZyI6Im0ifQ.c")
	f.Add("..")
	f.Add("a.e30.c")
	f.Fuzz(func(t *testing.T, token string) {
		c, err := Describe(token)
		if err != nil {
			if c != (Claims{}) || strings.Contains(err.Error(), token) && token != "" && len(token) > 20 {
				t.Errorf("%q is refused with %v and read as %+v", token, err, c)
			}
			return
		}
		payload, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		back, err := Describe("x." + base64.RawURLEncoding.EncodeToString(payload) + ".y")
		if c.UserID == "" || c.Meeting == "" || err != nil || back != c {
			t.Errorf("%q gives %+v, and that %+v, %v", token, c, back, err)
		}
	})
}
