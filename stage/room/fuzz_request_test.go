package room

import (
	"bufio"
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// FuzzRequest sends whole requests to both handlers, with no token, with that of
// a turn, and with those that are of no use. Ada, who is on stage meanwhile, is
// not disturbed, and what is refused leaves the turn's token as it was.
func FuzzRequest(f *testing.F) {
	h := newHall(f, Config{Lease: time.Hour, TokenTTL: time.Hour})
	good := newPublisher(h, nil).offer
	used := h.admit(turn("ada", 1))
	if w := h.serve(http.MethodPost, "/v1/whip/hall", used, good); w.Code != http.StatusCreated {
		f.Fatalf("ada's offer is answered %d %s", w.Code, w.Body)
	}
	over := h.admit(turn("cat", 1))
	h.room.Evict("hall", "cat")
	ada := h.publication("ada")
	for who := range byte(5) {
		for _, head := range []string{
			"POST /v1/whip/hall HTTP/1.1\r\nHost: x\r\nContent-Type: application/sdp\r\nContent-Length: 3\r\n\r\nv=0",
			"POST /v1/whip/%68all?x=y HTTP/1.1\r\nHost: x\r\nContent-Type: application/sdp; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
			"DELETE /v1/whip/hall/ID HTTP/1.1\r\nHost: x\r\n\r\n", "PATCH /v1/whip/hall/ID HTTP/1.1\r\nHost: x\r\nIf-Match: *\r\nContent-Length: 0\r\n\r\n",
			"POST /v1/whep/hall/ada HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 0\r\n\r\n",
			"OPTIONS /v1/whip/hall HTTP/1.1\r\nHost: x\r\nOrigin: https://a.example\r\n\r\n", "GET /v1/whep/%2f/%00 HTTP/1.0\r\n\r\n",
		} {
			f.Add([]byte(head), who)
		}
	}
	number := uint64(0)
	f.Fuzz(func(t *testing.T, data []byte, who byte) {
		r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(data)))
		if err != nil || r.RequestURI == "*" {
			return // net/http has answered it
		}
		number++
		admission, err := h.room.Admit(turn("bob", number))
		if err != nil {
			t.Fatal(err)
		}
		defer h.room.Evict("hall", "bob")
		if token := []string{"", admission.Token, used, over, "made up"}[who%5]; token != "" {
			r.Header.Set("Authorization", "Bearer "+token)
		}
		w := httptest.NewRecorder()
		h.web.Config.Handler.ServeHTTP(w, r)
		if w.Code >= 400 && r.Method != http.MethodHead && strings.TrimSpace(w.Body.String()) == "" {
			t.Errorf("%q is answered %d without a word", data, w.Code)
		}
		if w.Code >= 500 {
			t.Errorf("%q is answered %d %s", data, w.Code, w.Body)
		}
		if h.publication("ada") != ada || ada.cut.Load() {
			t.Fatalf("%q as %d is answered %d, and ada is disturbed", data, who, w.Code)
		}
		accepted := w.Code == http.StatusCreated && strings.HasPrefix(r.URL.Path, "/v1/whip/")
		if accepted && who%5 != 1 {
			t.Errorf("%q as %d may publish", data, who)
		}
		if _, prob := h.room.usable(h.room.passes[keyOf(admission.Token)], "hall"); prob != nil && !accepted {
			t.Errorf("%q is answered %d and uses the token up: %s", data, w.Code, prob.text)
		}
	})
}

// serve has the room's handlers answer one request.
func (h *hall) serve(method, path, token, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Authorization", fmt.Sprintf("Bearer %s", token))
	r.Header.Set("Content-Type", sdpType)
	w := httptest.NewRecorder()
	h.web.Config.Handler.ServeHTTP(w, r)
	return w
}

// publication gives the running publication of a user, or nil.
func (h *hall) publication(user string) *publication {
	h.room.mu.Lock()
	defer h.room.mu.Unlock()
	if s := h.room.slots[seat{"hall", user}]; s != nil {
		return s.pub
	}
	return nil
}
