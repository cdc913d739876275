package kit

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
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

// pages are the test's own ones, on an origin of their own.
type pages struct {
	origin string
	server *httptest.Server
}

// newPages takes an address for them; they are served once the stage is known.
func newPages(t *testing.T) pages {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	t.Cleanup(server.Close)
	return pages{"http://" + server.Listener.Addr().String(), server}
}

// serve serves testdata/ at / and the vendor's components, if there are any, at
// /npm/.
func (p pages) serve(t *testing.T, stage, components string) {
	mux := http.NewServeMux()
	mux.Handle("/", http.FileServer(http.Dir("testdata")))
	if components != "" {
		mux.Handle("/npm/", http.StripPrefix("/npm", http.FileServer(http.Dir(components))))
	}
	page := example(t, stage)
	mux.HandleFunc("/example.html", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, page)
	})
	p.server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", security(stage))
		w.Header().Set("Cache-Control", "no-store")
		mux.ServeHTTP(w, r)
	})
	p.server.Start()
}

// address of a page for one participant.
func (p pages) address(page, stage, token string) string {
	return p.origin + "/" + page + "#" + url.Values{"server": {stage}, "token": {token}}.Encode()
}

// example is the page of docs/sdk.md, for a server.
func example(t *testing.T, stage string) string {
	t.Helper()
	doc, err := os.ReadFile(filepath.Join("..", "..", "docs", "sdk.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, page, _ := strings.Cut(string(doc), "    <!doctype html>\n")
	page, rest, found := strings.Cut(page, "    </script>\n")
	if !found || rest == "" {
		t.Fatal("docs/sdk.md has no page any more")
	}
	page = strings.ReplaceAll("<!doctype html>\n"+page+"    </script>\n", "\n    ", "\n")
	if !strings.Contains(page, "http://127.0.0.1:8080") {
		t.Fatal("the page in docs/sdk.md names no server")
	}
	return strings.ReplaceAll(page, "http://127.0.0.1:8080", stage)
}
