package publish

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// created201 answers a POST with a session at where; the body tells what came.
func created201(w http.ResponseWriter, r *http.Request, where string) {
	body, _ := io.ReadAll(r.Body)
	w.Header().Set("Content-Type", sdpType)
	w.Header().Set("Location", where)
	w.WriteHeader(http.StatusCreated)
	_, _ = io.WriteString(w, string(body)+"|"+r.Header.Get("Authorization")+"|"+r.Header.Get("User-Agent"))
}

func newServer(t *testing.T, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}

func TestPostMakesASession(t *testing.T) {
	var gone []string
	s := newServer(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/old":
			w.Header().Set("Location", "/deep/new?x=1")
			w.WriteHeader(http.StatusTemporaryRedirect)
		case "/older":
			w.Header().Set("Location", "old")
			w.WriteHeader(http.StatusPermanentRedirect)
		case "/deep/new":
			w.Header().Add("Link", `<stun:stun.example.net>; rel="ice-server"`)
			created201(w, r, "session/7")
		default:
			gone = append(gone, r.Method+" "+r.URL.Path+" "+r.Header.Get("Authorization"))
		}
	})
	c := newWHIP(nil, "podium/1")
	session, err := c.post(t.Context(), s.URL+"/older", "secret", "offer")
	if err != nil {
		t.Fatal(err)
	}
	if session.answer != "offer|Bearer secret|podium/1" {
		t.Errorf("answer %q", session.answer)
	}
	if got := session.place.String(); got != s.URL+"/deep/session/7" {
		t.Errorf("session at %s", got)
	}
	if len(session.servers) != 1 {
		t.Errorf("servers %v", session.servers)
	}
	if err := c.delete(t.Context(), session); err != nil || len(gone) != 1 || gone[0] != "DELETE /deep/session/7 Bearer secret" {
		t.Errorf("delete: %v, %q", err, gone)
	}
}

func TestTokenIsShownToItsHostOnly(t *testing.T) {
	other := newServer(t, func(w http.ResponseWriter, r *http.Request) { created201(w, r, "/s") })
	first := newServer(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/here" {
			created201(w, r, other.URL+"/s")
			return
		}
		w.Header().Set("Location", other.URL)
		w.WriteHeader(http.StatusTemporaryRedirect)
	})
	c := newWHIP(nil, "podium")
	session, err := c.post(t.Context(), first.URL, "secret", "offer")
	if err != nil || session.answer != "offer||podium" || session.token != "" {
		t.Errorf("redirected: %+v, %v", session, err)
	}
	session, err = c.post(t.Context(), first.URL+"/here", "secret", "offer")
	if err != nil || session.answer != "offer|Bearer secret|podium" || session.token != "" {
		t.Errorf("session elsewhere: %+v, %v", session, err)
	}
}

func TestAnswersThatMakeNoSession(t *testing.T) {
	for _, row := range []struct {
		name     string
		status   int
		header   http.Header
		body     string
		wantCode int
		retry    bool
		words    string
	}{
		{"bad token", 401, nil, "", 401, true, "token"},
		{"not allowed", 403, http.Header{"Content-Type": {"text/plain; charset=utf-8"}}, "The turn is over.\nMore\x00", 403, false, "The turn is over."},
		{"not found", 404, nil, "", 404, false, "no WHIP endpoint"},
		{"media type", 415, nil, "", 415, false, "refuses the offer"},
		{"another of the class", 499, nil, "", 499, false, "refuses the offer"},
		{"server error", 500, nil, "", 500, true, "failed"},
		{"busy", 503, http.Header{"Retry-After": {"7"}}, "", 503, true, "busy"},
		{"a page", 200, http.Header{"Content-Type": {"text/html"}}, "<html>hello", 200, false, "no WHIP endpoint (200)"},
		{"accepted", 202, nil, "", 202, false, "no WHIP endpoint"},
		{"moved", 302, http.Header{"Location": {"/"}}, "", 302, false, "redirects"},
		{"nowhere", 307, nil, "", 307, false, "without a Location"},
		{"to a file", 308, http.Header{"Location": {"file:///etc/passwd"}}, "", 308, false, "no http or https URL"},
		{"round and round", 307, http.Header{"Location": {"/"}}, "", 0, false, "more than 5 redirects"},
		{"no Location", 201, http.Header{"Content-Type": {sdpType}}, "v=0", 201, false, "without a Location"},
		{"no SDP", 201, http.Header{"Content-Type": {"text/html"}, "Location": {"/s"}}, "hello", 0, false, "text/html"},
		{"huge", 201, http.Header{"Content-Type": {sdpType}, "Location": {"/s"}}, strings.Repeat("a", largestAnswer+1), 0, false, "larger"},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := newServer(t, func(w http.ResponseWriter, _ *http.Request) {
				for k, v := range row.header {
					w.Header()[k] = v
				}
				w.WriteHeader(row.status)
				_, _ = io.WriteString(w, row.body)
			})
			session, err := newWHIP(nil, "podium").post(t.Context(), s.URL, "secret", "offer")
			if err == nil || !strings.Contains(err.Error(), row.words) || !strings.Contains(err.Error(), s.URL) {
				t.Fatalf("error %v", err)
			}
			if strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "More") {
				t.Errorf("error says too much: %v", err)
			}
			l := lost(err)
			if l.Status != row.wantCode || l.Retry != row.retry {
				t.Errorf("lost %+v", l)
			}
			if row.status == 503 && l.RetryAfter != 7*time.Second {
				t.Errorf("retry after %s", l.RetryAfter)
			}
			if made := row.status == 201 && row.header.Get("Location") != ""; made != (session != nil) {
				t.Errorf("a session to delete: %t", session != nil)
			}
		})
	}
}

func TestHangingServerIsGivenUp(t *testing.T) {
	for name, head := range map[string]bool{"no answer": false, "half an answer": true} {
		t.Run(name, func(t *testing.T) {
			release, arrived := make(chan struct{}), make(chan struct{})
			s := newServer(t, func(w http.ResponseWriter, _ *http.Request) {
				if head {
					w.Header().Set("Content-Type", sdpType)
					w.Header().Set("Location", "/s")
					w.WriteHeader(http.StatusCreated)
					_ = http.NewResponseController(w).Flush()
				}
				close(arrived)
				<-release
			})
			defer close(release)
			ctx, cancel := context.WithCancel(t.Context())
			go func() { <-arrived; cancel() }()
			_, err := newWHIP(nil, "podium").post(ctx, s.URL, "secret", "offer")
			if !errors.Is(err, context.Canceled) {
				t.Errorf("error %v", err)
			}
			if l := lost(err); !l.Retry {
				t.Errorf("lost %+v", l)
			}
		})
	}
}

func TestPlaceThatIsNoWebAddress(t *testing.T) {
	for _, place := range []string{"", "podium", "ftp://127.0.0.1/", "http://", "http://[::1", "file:///etc/passwd"} {
		if _, err := newWHIP(nil, "podium").post(t.Context(), place, "secret", "offer"); err == nil || lost(err).Retry {
			t.Errorf("%q: %v", place, err)
		}
	}
}

func TestDeleteOfWhatIsGoneIsNoError(t *testing.T) {
	for status, want := range map[int]bool{200: true, 204: true, 404: true, 410: true, 401: false, 500: false} {
		s := newServer(t, func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost {
				created201(w, r, "/s")
				return
			}
			w.WriteHeader(status)
		})
		c := newWHIP(nil, "podium")
		session, err := c.post(t.Context(), s.URL, "", "offer")
		if err != nil {
			t.Fatal(err)
		}
		if err := c.delete(t.Context(), session); (err == nil) != want {
			t.Errorf("%d: %v", status, err)
		}
	}
}
