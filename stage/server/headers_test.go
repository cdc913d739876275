package server_test

import (
	"net/http"
	"strings"
	"testing"

	"podium/stage/server"
	"podium/stage/web"
)

// everyAnswer are headers that every answer has, whatever it is.
var everyAnswer = map[string]string{
	"X-Content-Type-Options":            "nosniff",
	"X-Frame-Options":                   "DENY",
	"Referrer-Policy":                   "no-referrer",
	"Cross-Origin-Opener-Policy":        "same-origin",
	"X-Permitted-Cross-Domain-Policies": "none",
	"Strict-Transport-Security":         "", // not without TLS
	"Server":                            "",
	"X-Powered-By":                      "",
}

// wantHeaders checks an answer against OWASP's list (HTTP Headers Cheat Sheet).
func wantHeaders(t *testing.T, what string, response *http.Response, page bool) {
	t.Helper()
	h := response.Header
	for key, want := range everyAnswer {
		if got := h.Get(key); got != want || len(h.Values(key)) > 1 {
			t.Errorf("%s: %s is %q, want %q", what, key, h.Values(key), want)
		}
	}
	policy := h.Get("Content-Security-Policy")
	for _, part := range []string{"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"} {
		if !strings.Contains(policy, part) {
			t.Errorf("%s: Content-Security-Policy %q lacks %q", what, policy, part)
		}
	}
	if strings.Contains(policy, "unsafe") || (!page && strings.Contains(policy, "script-src")) {
		t.Errorf("%s: Content-Security-Policy %q lets scripts in", what, policy)
	}
	if !strings.Contains(h.Get("Permissions-Policy"), "camera=") || !strings.HasPrefix(h.Get("Cross-Origin-Resource-Policy"), "same-origin") {
		t.Errorf("%s: Permissions-Policy %q, Cross-Origin-Resource-Policy %q", what, h.Get("Permissions-Policy"), h.Get("Cross-Origin-Resource-Policy"))
	}
	if cache := h.Get("Cache-Control"); !page && cache != "no-store" {
		t.Errorf("%s: Cache-Control %q", what, cache)
	}
}

// Every route, answered well and refused, and what is no route, carries the headers.
func TestEveryAnswerIsSecured(t *testing.T) {
	h, _ := openRoom(t)
	h.enter("ann", "podium")
	host := h.token("desk", "host")
	for _, route := range append(h.stage.Routes(), "PATCH /v1/whip/{meeting}", "GET /v1/whep/{meeting}/{user}", "POST /v1/meetings/{meeting}/fly",
		"PUT /v1/meetings/{meeting}/kick", "OPTIONS /v1/meetings/{meeting}/kick", "OPTIONS /v1/whip/{meeting}", "GET /nothing", "GET //v1/stage", "POST /healthz") {
		verb, path, _ := strings.Cut(route, " ")
		path = strings.NewReplacer("{meeting}", "hall", "{user}", "ann", "{session}", "x").Replace(path)
		for _, token := range []string{"", "wrong", host} {
			for _, origin := range []string{"", "https://evil.example"} {
				response := h.raw(verb, path, token, origin)
				wantHeaders(t, route+" is "+response.Status, response, false)
			}
		}
	}
}

// The pages, and what is no page, carry them too.
func TestEveryPageIsSecured(t *testing.T) {
	h := openHouseWith(t, server.Config{Pages: web.Handler(web.Options{Panel: true})})
	for _, path := range []string{"/", "/console", "/watch", "/join", "/panel", "/assets/console.js", "/assets/podium.css", "/assets/icon.svg"} {
		response := h.raw("GET", path, "", "")
		if response.StatusCode != http.StatusOK {
			t.Errorf("%s is answered %s", path, response.Status)
		}
		wantHeaders(t, path, response, true)
	}
	for _, way := range [][2]string{{"GET", "/nothing"}, {"POST", "/console"}, {"GET", "/assets/"}, {"GET", "/v1/nothing"}} {
		response := h.raw(way[0], way[1], "", "")
		wantHeaders(t, way[1]+" is "+response.Status, response, true)
	}
}

// raw does one request, following nothing, and gives the answer without its body.
func (h *house) raw(verb, path, token, origin string) *http.Response {
	h.t.Helper()
	r, err := http.NewRequest(verb, h.web.URL+path, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	if origin != "" {
		r.Header.Set("Origin", origin)
	}
	response, err := h.web.Client().Transport.RoundTrip(r)
	if err != nil {
		h.t.Fatal(err)
	}
	_ = response.Body.Close()
	return response
}
