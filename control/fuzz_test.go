package control

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
	"unicode"

	"podium/appliance"
)

// FuzzRequest sends whole requests to the door. A button is pressed by a POST of
// one press, from this device and not from a foreign page, and by nothing else.
func FuzzRequest(f *testing.F) {
	for _, request := range []string{
		"POST /v1/panel/press HTTP/1.1\r\nHost: podium\r\nContent-Length: 20\r\n\r\n{\"button\":\"request\"}",
		"POST /v1/panel/press HTTP/1.1\r\nHost: podium\r\nContent-Length: 31\r\n\r\n{\"button\":\"cancel\",\"long\":true}",
		"POST /v1/panel/press HTTP/1.1\r\nHost: podium\r\nOrigin: https://evil.example\r\nContent-Length: 20\r\n\r\n{\"button\":\"request\"}",
		"POST /v1/panel/press HTTP/1.1\r\nHost: podium\r\nSec-Fetch-Site: cross-site\r\nContent-Length: 20\r\n\r\n{\"button\":\"request\"}",
		"POST /v1/panel/press HTTP/1.1\r\nHost: podium\r\nContent-Length: 25\r\n\r\n{\"button\":\"request\"} more",
		"GET /v1/panel/press HTTP/1.1\r\nHost: podium\r\nContent-Length: 20\r\n\r\n{\"button\":\"request\"}",
		"GET /v1/panel/status HTTP/1.1\r\nHost: podium\r\n\r\n", "GET /v1/panel/trace HTTP/1.0\r\n\r\n",
		"POST /v1/panel//press HTTP/1.1\r\nHost: podium\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
	} {
		f.Add([]byte(request))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(data)))
		if err != nil || r.RequestURI == "*" || r.URL.Path == EventsPath {
			return // net/http has answered it, or a stream, which has no end
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		podium := newFake()
		w := httptest.NewRecorder()
		Handler(podium).ServeHTTP(w, r)
		if w.Code >= 400 && r.Method != http.MethodHead && strings.TrimSpace(w.Body.String()) == "" {
			t.Errorf("%q is answered %d without a word", data, w.Code)
		}
		if strings.HasPrefix(w.Header().Get("Content-Type"), "application/json") && !json.Valid(w.Body.Bytes()) {
			t.Errorf("%q is answered with bad JSON: %s", data, w.Body)
		}
		wantPresses(t, r, body, podium.presses, w.Code)
	})
}

func wantPresses(t *testing.T, r *http.Request, body []byte, got []appliance.Press, code int) {
	t.Helper()
	if len(got) == 0 {
		if code == http.StatusNoContent && r.URL.Path == PressPath {
			t.Errorf("%s %s with %q is answered %d and presses nothing", r.Method, r.URL, body, code)
		}
		return
	}
	var in map[string]any
	if r.Method != http.MethodPost || r.URL.Path != PressPath || code != http.StatusNoContent || json.Unmarshal(body, &in) != nil {
		t.Errorf("%s %s with %q is answered %d and presses %v", r.Method, r.URL, body, code, got)
	}
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" && site != "same-origin" && site != "none" {
		t.Errorf("a page that is %s presses %v", site, got)
	}
	if got[0].Long || len(got) > 2 || len(got) == 2 && (!got[1].Long || got[1].Button != got[0].Button) {
		t.Errorf("%q presses %v", body, got)
	}
}

// answering is a podium that answers anything.
type answering struct {
	code int
	body io.Reader
	read int
}

func (a *answering) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: a.code, Header: http.Header{}, Body: io.NopCloser(a)}, nil
}

func (a *answering) Read(p []byte) (int, error) {
	n, err := a.body.Read(p)
	a.read += n
	return n, err
}

// FuzzAnswer reads what may come out of a socket in the podium's place. What is
// taken reads the same again; what is refused is one line that can be printed.
func FuzzAnswer(f *testing.F) {
	status, err := json.Marshal(appliance.Status{Status: "ON_STAGE", Meeting: "hall", Faults: []appliance.Fault{{Part: "camera", Text: "gone"}}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(uint16(200), status)
	f.Add(uint16(200), []byte(`[{"at":"2026-11-24T12:00:00Z","event":"press request","status":"OFF_STAGE","effects":["ask"]}]`))
	f.Add(uint16(503), []byte("the podium\x1b[2J has\r\nstopped\n"))
	f.Add(uint16(400), []byte{0xff})
	f.Fuzz(func(t *testing.T, code uint16, body []byte) {
		c := Dial("/run/test.sock")
		c.http.Transport = &answering{code: 200 + int(code)%400, body: bytes.NewReader(body)}
		got, err := c.Status(t.Context())
		wantLine(t, err)
		if err == nil {
			data, err := json.Marshal(got)
			c.http.Transport = &answering{code: 200, body: bytes.NewReader(data)}
			again, badly := c.Status(t.Context())
			text, worse := json.Marshal(again)
			if err != nil || badly != nil || worse != nil || string(text) != string(data) {
				t.Errorf("%s is read as %s and that as %s; %v, %v, %v", body, data, text, err, badly, worse)
			}
		}
		c.http.Transport = &answering{code: 200 + int(code)%400, body: bytes.NewReader(body)}
		_, err = c.Trace(t.Context())
		wantLine(t, err)
	})
}

// wantLine wants an error to be one line of printable text.
func wantLine(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		return
	}
	if text := err.Error(); len(text) > 8<<10 || strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
		t.Errorf("the error is %d bytes: %.300q", len(text), text)
	}
}

// endless never ends.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

// An answer without an end is given up, and not gathered.
func TestAnswerWithoutAnEnd(t *testing.T) {
	for _, code := range []int{200, 500} {
		c, answer := Dial("/run/test.sock"), &answering{code: code, body: endless{}}
		c.http.Transport = answer
		done := make(chan error, 1)
		go func() {
			_, err := c.Status(t.Context())
			done <- err
		}()
		select {
		case err := <-done:
			if err == nil || answer.read > 2*maxAnswer {
				t.Errorf("%d: %d bytes were read; %v", code, answer.read, err)
			}
			wantLine(t, err)
		case <-time.After(30 * time.Second):
			t.Fatal("the answer is still being read")
		}
	}
}
