package server_test

import (
	"net/http"
	"strings"
	"testing"

	"podium/stage/server"
)

func TestRESTMirror(t *testing.T) {
	h := openHouse(t)
	ann, bob := h.enter("ann", "podium"), h.enter("bob", "podium")
	token := h.token("desk", "host") // a script: it need not join
	ann.want("stage.requestAccess", nil)
	bob.want("stage.requestAccess", nil)
	rest := func(method, path, body string, status int, like string) {
		t.Helper()
		got, text := h.request(method, "/v1/meetings/hall/"+path, token, body)
		if got != status {
			t.Errorf("%s %s is answered %d %s, want %d", method, path, got, text, status)
		}
		wantLike(t, strings.TrimSuffix(text, "\n"), like)
	}
	rest("GET", "requests", "", 200, `[{"displayName":"Name of ann","userId":"ann","peerId":"peer-~-1","requestedAt":"~Z","position":1},{~"userId":"bob",~"position":2}]`)
	rest("GET", "participants", "", 200, `[{"userId":"ann","peerId":"peer-~-1","displayName":"Name of ann","preset":"podium","status":"REQUESTED_TO_JOIN_STAGE","onAir":false},{"userId":"bob",~}]`)
	ann.forget()
	rest("POST", "grant", "\n {\"userIds\": [\"ann\", \"ghost\", \"ann\"]}\n", 200, `{"results":[{"userId":"ann","ok":true,"changed":true},{"userId":"ghost","ok":false,"code":2104,"message":"unknown userId~"}]}`)
	wantLike(t, ann.wantNotice("stageRequestApproved"), `{"invited":false,"expiresAt":"~Z","media":["audio","video"]}`)
	wantLike(t, ann.wantNotice("stageStatusUpdate"), `{~"reason":"approved","by":"desk"}`)
	ann.want("stage.join", nil)
	rest("POST", "deny", `{"userIds":["ann","bob"]}`, 200, `{"results":[{"userId":"ann","ok":false,"code":2006,"message":"~"},{"userId":"bob","ok":true,"changed":true}]}`)
	rest("POST", "kick", `{"userIds":["ann"]}`, 200, `{"results":[{"userId":"ann","ok":true,"changed":true}]}`)
	h.wantCalls("admit hall/ann", "evict hall/ann")
	rest("GET", "requests", "", 200, `[]`)

	rest("POST", "kick", `{"userIds":[]}`, 400, `{"error":{"code":-32602,"message":"~"}}`)
	rest("POST", "kick", `{"userIds":["ann"],"more":1}`, 400, `{"error":{"code":-32602,"message":"~"}}`)
	rest("POST", "kick", `["ann"]`, 400, `{"error":{"code":-32602,"message":"~"}}`)
	rest("POST", "kick", `{"userIds":`, 400, `{"error":{"code":-32700,"message":"~"}}`)
	rest("POST", "kick", ``, 400, `{"error":{"code":-32602,"message":"params: userIds must name at least one user"}}`)
	rest("POST", "kick", "{\"userIds\":[\"\xff\"]}", 400, `{"error":{"code":-32700,"message":"~"}}`)
	rest("POST", "kick", strings.Repeat(" ", 1<<20), 413, `{"error":{"code":-32600,"message":"~"}}`)
	rest("POST", "fly", `{"userIds":["ann"]}`, 404, `{"error":{"code":-32601,"message":"~fly~"}}`)
}

func TestRESTRights(t *testing.T) {
	h := openHouse(t)
	h.enter("ann", "podium")
	for _, c := range []struct {
		name, token string
		status      int
		like        string
	}{
		{"no token", "", 401, `{"error":{"message":"token refused: ~"}}`},
		{"forged", h.token("desk", "host") + "x", 401, `{"error":{"message":"token refused: ~"}}`},
		{"other meeting", h.tokenFor("chapel", "desk", "host"), 403, `{"error":{"message":"the token is for another meeting than \"hall\""}}`},
		{"no host", h.token("pat", "panelist"), 403, `{"error":{"code":2001,"message":"permission denied~"}}`},
	} {
		for _, call := range [][2]string{{"GET", "requests"}, {"GET", "participants"}, {"POST", "grant"}, {"POST", "deny"}, {"POST", "kick"}} {
			status, text := h.request(call[0], "/v1/meetings/hall/"+call[1], c.token, `{"userIds":["ann"]}`)
			if status != c.status {
				t.Errorf("%s: %s is answered %d, want %d", c.name, call[1], status, c.status)
			}
			wantLike(t, strings.TrimSuffix(text, "\n"), c.like)
		}
	}
}

// WHEP is for participants of the meeting, WHIP is the engine's own matter.
func TestMediaPaths(t *testing.T) {
	h := openHouse(t)
	h.enter("ann", "podium")
	viewer := h.token("eve", "viewer")
	for _, c := range []struct {
		method, path, token string
		status              int
	}{
		{"POST", "/v1/whep/hall/ann", "", 401},
		{"POST", "/v1/whep/hall/ann", "junk", 401},
		{"POST", "/v1/whep/hall/ann", h.tokenFor("chapel", "eve", "viewer"), 403},
		{"POST", "/v1/whep/hall/ghost", viewer, 404},
		{"POST", "/v1/whep/hall/ann", viewer, 201},
		{"DELETE", "/v1/whep/hall/ann/session", "", 401},
		{"DELETE", "/v1/whep/hall/ann/session", viewer, 201},
		{"OPTIONS", "/v1/whep/hall/ann", "", 201},
		{"POST", "/v1/whip/hall", "", 201},
		{"GET", "/v1/nowhere", "", 404},
		{"POST", "/v1/stage", viewer, 405},
	} {
		if status, body := h.request(c.method, c.path, c.token, ""); status != c.status {
			t.Errorf("%s %s is answered %d %s, want %d", c.method, c.path, status, body, c.status)
		}
	}
}

func TestPublicURL(t *testing.T) {
	h := openHouseWith(t, server.Config{PublicURL: "https://stage.example/"})
	pat := h.enter("pat", "panelist")
	pat.want("stage.requestAccess", nil)
	wantLike(t, pat.want("stage.join", nil), `~"url":"https://stage.example/v1/whip/hall"~`)
}

// Close ends connections and turns, refuses what comes later, and may be repeated.
func TestCloseWithConnectionsOpen(t *testing.T) {
	h := openHouse(t)
	boss, ann, eve := h.enter("boss", "host"), h.enter("ann", "podium"), h.enter("eve", "viewer")
	bringOnStage(boss, ann, "ann")
	h.close()
	for _, s := range []*seat{boss, ann, eve} {
		if err := s.wantEnd(); !strings.Contains(err.Error(), "1001") {
			t.Errorf("ended with %v, want 1001 (going away)", err)
		}
	}
	h.wantCalls("admit hall/ann", "evict hall/ann")
	if status, body := h.request(http.MethodGet, "/v1/stage", h.token("ann", "podium"), ""); status != 503 {
		t.Errorf("a connection after the end is answered %d %s", status, body)
	}
	if status, _ := h.request(http.MethodGet, "/healthz", "", ""); status != 503 {
		t.Errorf("health after the end is %d", status)
	}
	h.close()
	h.wantCalls("admit hall/ann", "evict hall/ann")
}
