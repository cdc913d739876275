package server

import (
	"bufio"
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/gorilla/websocket"
)

// FuzzHTTP sends whole requests to the service, as nobody, as a viewer, as a host
// of another meeting, and as a host. Whatever comes is answered in our words, and
// who has no right changes nothing.
func FuzzHTTP(f *testing.F) {
	tokens := []string{"", fuzzToken(f, "hall", "eve", "viewer"), fuzzToken(f, "chapel", "boss", "host"), fuzzToken(f, "hall", "boss", "host")}
	for who := range tokens {
		for _, request := range []string{
			"POST /v1/meetings/hall/grant HTTP/1.1\r\nHost: hall.example\r\nContent-Length: 19\r\n\r\n{\"userIds\":[\"ann\"]}",
			"POST /v1/meetings/hall/kick HTTP/1.1\r\nHost: hall.example\r\nOrigin: https://evil.example\r\nContent-Length: 19\r\n\r\n{\"userIds\":[\"pat\"]}",
			"PATCH /v1/meetings/hall/settings HTTP/1.1\r\nHost: hall.example\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n{\"stageLimit\": 3\r\n1\r\n}\r\n0\r\n\r\n",
			"GET /v1/meetings/hall/record?format=csv HTTP/1.1\r\nHost: hall.example\r\nAccept: text/csv\r\n\r\n",
			"OPTIONS /v1/meetings/hall/grant HTTP/1.1\r\nHost: hall.example\r\nOrigin: https://friend.example\r\nAccess-Control-Request-Method: POST\r\n\r\n",
			"GET /v1/stage HTTP/1.1\r\nHost: hall.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: podium.stage.v1, bearer.x\r\n\r\n",
			"POST /v1/whep/hall/pat HTTP/1.1\r\nHost: hall.example\r\n\r\n",
			"DELETE /v1/meetings/hall/%2e%2e/x HTTP/1.0\r\n\r\n",
			"GET /healthz HTTP/1.1\r\nHost: hall.example\r\n\r\n",
		} {
			f.Add([]byte(request), byte(who))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte, who byte) {
		r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(data)))
		if err != nil || r.RequestURI == "*" {
			return // net/http has answered it
		}
		token := tokens[int(who)%len(tokens)]
		if token != "" {
			r.Header.Set("Authorization", "Bearer "+token)
		}
		h := openFuzzHall(t)
		defer h.close()
		before := h.state()
		w := httptest.NewRecorder()
		h.server.Handler().ServeHTTP(w, r)
		upgrade := r.URL.Path == "/v1/stage" // a recorder cannot be upgraded
		if w.Code >= 500 && !upgrade {
			t.Errorf("%q is answered %d %s", data, w.Code, w.Body)
		}
		wantSaid(t, string(data), w)
		if strings.HasPrefix(w.Header().Get("Content-Type"), "application/json") && !json.Valid(w.Body.Bytes()) {
			t.Errorf("%q is answered with bad JSON: %s", data, w.Body)
		}
		if token != "" && strings.Contains(w.Body.String(), token) {
			t.Errorf("%q is answered with the caller's token", data)
		}
		mayChange := token == tokens[3] && w.Code == http.StatusOK
		if after := h.state(); after != before && !mayChange {
			t.Errorf("%q as %d is answered %d, and changes\n%s to\n%s", data, who, w.Code, before, after)
		}
	})
}

// FuzzHeaders reads what a caller says of himself. A token is found in a header
// and nowhere else; a page of another host is let in only if it is named.
func FuzzHeaders(f *testing.F) {
	f.Add("Bearer abc", "podium.stage.v1, bearer.x.y.z", "https://hall.example:8080", "text/csv;q=1, */*", "token=secret")
	f.Add("bearer  a b", "", "null", "application/json", "format=csv")
	f.Add("Basic YTpi", "bearer.", "https://friend.example", ",;=", "%zz")
	f.Fuzz(func(t *testing.T, authorization, subprotocols, origin, accept, query string) {
		r := httptest.NewRequest(http.MethodGet, "/v1/stage", nil)
		r.URL.RawQuery, r.Host = query, "hall.example:8080"
		for name, value := range map[string]string{
			"Authorization": authorization, "Sec-Websocket-Protocol": subprotocols, "Origin": origin, "Accept": accept,
		} {
			if value != "" {
				r.Header.Set(name, value)
			}
		}
		token := tokenOf(r)
		offered := slices.Contains(websocket.Subprotocols(r), bearerPrefix+token)
		if token != "" && !strings.HasSuffix(strings.TrimSpace(authorization), token) && !offered {
			t.Errorf("the token %q is in none of the headers %q, %q", token, authorization, subprotocols)
		}
		s := &Server{cfg: Config{Origins: []string{"https://friend.example"}}}
		if s.originAllowed(r) && origin != "" && origin != "https://friend.example" {
			if u, err := url.Parse(origin); err != nil || !strings.EqualFold(u.Hostname(), "hall.example") || u.Port() != "8080" {
				t.Errorf("the origin %q is let in", origin)
			}
		}
		if asCSV, bad := wantsCSV(r); bad != nil {
			wantBadParams(t, []byte(query), bad)
		} else if asCSV && !strings.Contains(query, "csv") && !strings.Contains(strings.ToLower(accept), "csv") {
			t.Errorf("CSV for the query %q and Accept %q", query, accept)
		}
		if base := s.baseURL(r); base != "http://hall.example:8080" {
			t.Errorf("URLs are handed out at %q", base)
		}
	})
}
