package kit

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// security forbids the test pages everything but this machine: the components
// would fetch a font and sounds from elsewhere.
func security(stage string) string {
	socket := strings.Replace(stage, "http:", "ws:", 1)
	return strings.Join([]string{
		"default-src 'none'", "script-src 'self' 'unsafe-inline' " + stage, "style-src 'self' 'unsafe-inline'",
		"img-src 'self' data:", "media-src 'self' blob: data:", "connect-src 'self' " + stage + " " + socket,
	}, "; ")
}

// servePages serves testdata/ at / and the vendor's components, if there are
// any, at /npm/. The stage's address is known only later.
func servePages(t *testing.T, components string) (server *httptest.Server, allow func(stage string)) {
	t.Helper()
	policy := ""
	mux := http.NewServeMux()
	mux.Handle("/", http.FileServer(http.Dir("testdata")))
	if components != "" {
		mux.Handle("/npm/", http.StripPrefix("/npm", http.FileServer(http.Dir(components))))
	}
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		w.Header().Set("Cache-Control", "no-store")
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server, func(stage string) { policy = security(stage) }
}

// address of a test page for one participant.
func address(server *httptest.Server, page, stage, token string) string {
	return server.URL + "/" + page + "#" + url.Values{"server": {stage}, "token": {token}}.Encode()
}
