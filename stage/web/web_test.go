package web_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"podium/stage/web"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// get asks the handler for one path, the way a browser would.
func get(t *testing.T, h http.Handler, method, path string, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func TestEveryPathSaysWhatItIs(t *testing.T) {
	h := web.Handler(web.Options{Panel: true})
	const html, css, js = "text/html; charset=utf-8", "text/css; charset=utf-8", "text/javascript; charset=utf-8"
	for path, mime := range map[string]string{
		"/": html, "/console": html, "/watch": html, "/join": html, "/panel": html,
		"/assets/podium.css": css, "/assets/console.css": css, "/assets/watch.css": css, "/assets/join.css": css, "/assets/panel.css": css,
		"/assets/console.js": js, "/assets/watch.js": js, "/assets/join.js": js, "/assets/panel.js": js,
		"/assets/icon.svg": "image/svg+xml",
		"/sdk/stage.js":    js, "/sdk/whep.js": js,
	} {
		t.Run(path, func(t *testing.T) {
			res := get(t, h, http.MethodGet, path)
			if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != mime {
				t.Errorf("GET %s: %d %q, want 200 %q", path, res.StatusCode, res.Header.Get("Content-Type"), mime)
			}
			if res.Header.Get("Cache-Control") != "no-cache" || res.Header.Get("ETag") == "" {
				t.Errorf("GET %s: Cache-Control %q, ETag %q", path, res.Header.Get("Cache-Control"), res.Header.Get("ETag"))
			}
			wantSecure(t, res)
		})
	}
}

// wantSecure checks what must stand on every answer, refusals included.
func wantSecure(t *testing.T, res *http.Response) {
	t.Helper()
	for key, want := range map[string]string{
		"X-Content-Type-Options": "nosniff",
		"Referrer-Policy":        "no-referrer",
	} {
		if got := res.Header.Get(key); got != want {
			t.Errorf("%s: %q, want %q", key, got, want)
		}
	}
	policy := res.Header.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"} {
		if !strings.Contains(policy, want) {
			t.Errorf("Content-Security-Policy %q lacks %q", policy, want)
		}
	}
	if strings.Contains(policy, "unsafe") || strings.Contains(policy, "*") {
		t.Errorf("Content-Security-Policy %q lets something in", policy)
	}
}

// A page that nobody speaks from cannot ask for camera and microphone.
func TestDevicesOnlyWhereOneSpeaks(t *testing.T) {
	h := web.Handler(web.Options{Panel: true})
	for path, may := range map[string]bool{
		"/join": true, "/console": true,
		"/": false, "/watch": false, "/panel": false, "/sdk/stage.js": false, "/nothing": false, "/join/": false,
	} {
		policy := get(t, h, http.MethodGet, path).Header.Get("Permissions-Policy")
		for _, device := range []string{"camera", "microphone"} {
			want := device + "=()"
			if may {
				want = device + "=(self)"
			}
			if !strings.Contains(policy, want) {
				t.Errorf("%s: Permissions-Policy %q, want %s in it", path, policy, want)
			}
		}
	}
}

func TestRefusals(t *testing.T) {
	h := web.Handler(web.Options{})
	for _, c := range []struct {
		method, path string
		want         int
	}{
		{http.MethodGet, "/nothing", http.StatusNotFound},
		{http.MethodGet, "/assets/", http.StatusNotFound},
		{http.MethodGet, "/assets/../web.go", http.StatusNotFound},
		{http.MethodGet, "/console.html", http.StatusNotFound},
		{http.MethodGet, "/panel", http.StatusNotFound}, // not in a demo
		{http.MethodPost, "/console", http.StatusMethodNotAllowed},
	} {
		res := get(t, h, c.method, c.path)
		if res.StatusCode != c.want {
			t.Errorf("%s %s: %d, want %d", c.method, c.path, res.StatusCode, c.want)
		}
		wantSecure(t, res)
	}
}

func TestKnownVersionIsNotSentAgain(t *testing.T) {
	h := web.Handler(web.Options{})
	tag := get(t, h, http.MethodGet, "/sdk/stage.js").Header.Get("ETag")
	if res := get(t, h, http.MethodGet, "/sdk/stage.js", "If-None-Match", tag); res.StatusCode != http.StatusNotModified {
		t.Errorf("with the ETag: %d, want 304", res.StatusCode)
	}
	if res := get(t, h, http.MethodHead, "/sdk/stage.js"); res.StatusCode != http.StatusOK || res.ContentLength <= 0 {
		t.Errorf("HEAD: %d, %d bytes", res.StatusCode, res.ContentLength)
	}
}

func TestSDKServesOtherOrigins(t *testing.T) {
	h := web.Handler(web.Options{})
	if got := get(t, h, http.MethodGet, "/sdk/stage.js").Header.Get("Access-Control-Allow-Origin"); got != "*" {
		t.Errorf("the SDK: Access-Control-Allow-Origin %q, want *", got)
	}
	if got := get(t, h, http.MethodGet, "/console").Header.Get("Access-Control-Allow-Origin"); got != "" {
		t.Errorf("a page: Access-Control-Allow-Origin %q, want none", got)
	}
}

func TestStartPageLinksToWhatIsServed(t *testing.T) {
	for _, panel := range []bool{true, false} {
		page := body(t, web.Handler(web.Options{Panel: panel}), "/")
		for _, always := range []string{"/console", "/watch", "/join"} {
			if !strings.Contains(page, `href="`+always+`"`) {
				t.Errorf("Panel %v: there is no link to %s", panel, always)
			}
		}
		if got := strings.Contains(page, `href="/panel"`); got != panel {
			t.Errorf("Panel %v: the link to it is there: %v", panel, got)
		}
		if strings.Contains(page, "{{") {
			t.Error("the start page is not filled in")
		}
	}
}
