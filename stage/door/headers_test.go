package door

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"testing"
)

// TLS is asked for by those that have it, and by them alone.
func TestHSTSOnlyWithTLS(t *testing.T) {
	h := Headers(http.NotFoundHandler())
	for _, secure := range []bool{false, true} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		if secure {
			r.TLS = &tls.ConnectionState{}
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if got := w.Header().Get("Strict-Transport-Security"); (got == hsts) != secure || (!secure && got != "") {
			t.Errorf("TLS %v: Strict-Transport-Security %q", secure, got)
		}
	}
}

// What is said first may be replaced by a page's own.
func TestHeadersAreDefaults(t *testing.T) {
	h := Headers(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Cache-Control", "no-cache") }))
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	if got := w.Header().Get("Cache-Control"); got != "no-cache" {
		t.Errorf("Cache-Control %q", got)
	}
}
