package server_test

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/gorilla/websocket"

	"podium/stage"
	"podium/stage/server"
)

// claims gives good claims with changes; a nil value takes one away.
func claims(changes map[string]any) jwt.MapClaims {
	now := time.Now()
	c := jwt.MapClaims{
		"sub": "ann", "name": "Ann", "meeting": "hall", "preset": "podium", "aud": "podium",
		"iat": now.Unix(), "exp": now.Add(time.Hour).Unix(),
	}
	maps.Copy(c, changes)
	maps.DeleteFunc(c, func(_ string, v any) bool { return v == nil })
	return c
}

func sign(t *testing.T, with any, c jwt.MapClaims) string {
	t.Helper()
	return signBy(t, jwt.SigningMethodHS256, with, c)
}

func signBy(t *testing.T, method jwt.SigningMethod, with any, c jwt.MapClaims) string {
	t.Helper()
	token, err := jwt.NewWithClaims(method, c).SignedString(with)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// A token's exp is a time of day, and is looked at when a connection begins only.
func TestARunningConnectionOutlivesItsToken(t *testing.T) {
	h := openHouse(t)
	token := sign(t, key, claims(map[string]any{"iat": nil, "exp": time.Now().Add(-28 * time.Second).Unix()})) // 30 s of leeway
	ann := h.dial(token)
	ann.want("meeting.join", nil)
	eventually(t, "the token is refused", func() bool {
		status, _ := h.request("GET", "/v1/meetings/hall/requests", token, "")
		return status == http.StatusUnauthorized
	})
	ann.want("stage.requestAccess", nil)
}

func TestRefusedTokens(t *testing.T) {
	h := openHouse(t)
	past, future := time.Now().Add(-time.Minute).Unix(), time.Now().Add(time.Minute).Unix()
	good := sign(t, key, claims(nil))
	for name, token := range map[string]string{
		"none":                     "",
		"not a token":              "hello",
		"expired":                  sign(t, key, claims(map[string]any{"exp": past})),
		"without exp":              sign(t, key, claims(map[string]any{"exp": nil})),
		"not yet":                  sign(t, key, claims(map[string]any{"nbf": future})),
		"issued in the future":     sign(t, key, claims(map[string]any{"iat": future})),
		"forged":                   sign(t, []byte("another key of thirty-two bytes.."), claims(nil)),
		"changed":                  strings.Replace(good, ".", ".e", 1),
		"signature cut":            good[:strings.LastIndex(good, ".")+1],
		"alg none":                 signBy(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, claims(nil)),
		"alg HS512":                signBy(t, jwt.SigningMethodHS512, key, claims(nil)),
		"other audience":           sign(t, key, claims(map[string]any{"aud": "organ"})),
		"without audience":         sign(t, key, claims(map[string]any{"aud": nil})),
		"without sub":              sign(t, key, claims(map[string]any{"sub": nil})),
		"without meeting":          sign(t, key, claims(map[string]any{"meeting": nil})),
		"meeting is a path":        sign(t, key, claims(map[string]any{"meeting": ".."})),
		"without preset":           sign(t, key, claims(map[string]any{"preset": nil})),
		"preset unknown":           sign(t, key, claims(map[string]any{"preset": "pope"})),
		"preset with more":         sign(t, key, claims(map[string]any{"preset": map[string]any{"stageAccess": "ALLOWED", "root": true}})),
		"name of 129 characters":   sign(t, key, claims(map[string]any{"name": strings.Repeat("ä", 129)})),
		"userId of 129 characters": sign(t, key, claims(map[string]any{"sub": strings.Repeat("a", 129)})),
	} {
		t.Run(name, func(t *testing.T) { h.wantUnauthorized(t, token) })
	}
	if n := h.meetings(); n != 0 {
		t.Errorf("refused callers made %d meetings", n)
	}
}

// wantUnauthorized wants 401 with a sentence, before the upgrade, by either way.
func (h *house) wantUnauthorized(t *testing.T, token string) {
	t.Helper()
	for _, way := range []struct {
		header http.Header
		sub    []string
	}{
		{http.Header{"Authorization": {"Bearer " + token}}, []string{"podium.stage.v1"}},
		{http.Header{}, []string{"podium.stage.v1", "bearer." + token}},
	} {
		dialer := websocket.Dialer{HandshakeTimeout: patience, Subprotocols: way.sub}
		ws, response, err := dialer.Dial("ws"+strings.TrimPrefix(h.web.URL, "http")+"/v1/stage", way.header)
		if err == nil {
			_ = ws.Close()
			t.Fatal("let in")
		}
		if !errors.Is(err, websocket.ErrBadHandshake) || response.StatusCode != http.StatusUnauthorized || response.Header.Get("WWW-Authenticate") == "" {
			t.Fatalf("answered %v, %+v", err, response)
		}
		var body struct{ Error struct{ Message string } }
		if err := json.NewDecoder(response.Body).Decode(&body); err != nil || !strings.HasPrefix(body.Error.Message, "token refused: ") {
			t.Errorf("body says %+v, %v", body, err)
		}
		_ = response.Body.Close()
	}
}

func TestAcceptedTokens(t *testing.T) {
	h := openHouse(t)
	for name, c := range map[string]jwt.MapClaims{
		"plain":                claims(nil),
		"within the leeway":    claims(map[string]any{"exp": time.Now().Add(-10 * time.Second).Unix(), "iat": time.Now().Add(10 * time.Second).Unix()}),
		"one of two audiences": claims(map[string]any{"aud": []string{"organ", "podium"}}),
		"preset as an object":  claims(map[string]any{"preset": map[string]any{"stageAccess": "CAN_REQUEST"}}),
	} {
		t.Run(name, func(t *testing.T) {
			s := h.dial(sign(t, key, c))
			wantLike(t, s.want("meeting.join", nil), `{"self":{"userId":"ann",~"displayName":"Ann",~`)
			s.want("stage.requestAccess", nil)
			s.want("meeting.leave", nil)
		})
	}
	t.Run("no name: the userId", func(t *testing.T) {
		s := h.dial(sign(t, key, claims(map[string]any{"name": nil})))
		wantLike(t, s.want("meeting.join", nil), `{"self":{"userId":"ann",~"displayName":"ann",~`)
	})
}

// A browser offers the token as a second subprotocol, and is answered the first.
func TestTokenBySubprotocol(t *testing.T) {
	h := openHouse(t)
	token := h.token("ann", "podium")
	for _, offer := range [][]string{{"podium.stage.v1", "bearer." + token}, {"bearer." + token, "podium.stage.v1"}} {
		s := h.dialWith(http.Header{"Origin": {h.web.URL}}, offer...)
		if got := s.ws.Subprotocol(); got != "podium.stage.v1" {
			t.Errorf("subprotocol is %q", got)
		}
		s.want("meeting.join", nil)
	}
	if got := h.dial(token).ws.Subprotocol(); got != "podium.stage.v1" {
		t.Errorf("with the header the subprotocol is %q", got)
	}
	if status, _ := h.request("GET", "/v1/stage?token="+token+"&access_token="+token, "", ""); status != http.StatusUnauthorized {
		t.Errorf("a token in the URL is answered %d", status)
	}
}

func TestForeignOrigin(t *testing.T) {
	h := openHouseWith(t, server.Config{Origins: []string{"https://hall.example"}})
	token := h.token("boss", "host")
	for origin, want := range map[string]int{
		"https://evil.example": 403, "null": 403, "https://hall.example.evil.example": 403, "http://hall.example": 403,
		"https://hall.example": 400, h.web.URL: 400, // let through: what follows misses the upgrade
	} {
		status, body := h.request("GET", "/v1/stage", token, "", "Origin", origin)
		if status != want {
			t.Errorf("Origin %s is answered %d %s, want %d", origin, status, body, want)
		}
		if want == 403 && !strings.Contains(body, "may not use this stage") {
			t.Errorf("Origin %s is answered %s", origin, body)
		}
	}
	if status, body := h.request("POST", "/v1/meetings/hall/kick", token, `{"userIds":["x"]}`, "Origin", "https://evil.example"); status != 403 {
		t.Errorf("REST from a foreign page is answered %d %s", status, body)
	}
}

func TestNewTokenRefuses(t *testing.T) {
	good := server.TokenRequest{Meeting: "hall", UserID: "ann", Preset: stage.Presets["podium"], TTL: time.Hour}
	for name, change := range map[string]func(*server.TokenRequest){
		"no meeting": func(r *server.TokenRequest) { r.Meeting = "" },
		"no user":    func(r *server.TokenRequest) { r.UserID = "" },
		"no preset":  func(r *server.TokenRequest) { r.Preset = stage.Preset{} },
	} {
		r := good
		change(&r)
		if _, err := server.NewToken(key, r, time.Now()); err == nil {
			t.Errorf("%s: made", name)
		}
	}
	if _, err := server.NewToken(key[:31], good, time.Now()); err == nil {
		t.Error("made with a key of 31 bytes")
	}
}

func TestNewRefuses(t *testing.T) {
	h := openHouse(t)
	for name, cfg := range map[string]server.Config{
		"short key":   {Key: key[:31], Engine: h.engine},
		"no engine":   {Key: key},
		"short lease": {Key: key, Engine: h.engine, Lease: time.Nanosecond},
		"lease below": {Key: key, Engine: h.engine, Lease: -time.Second},
	} {
		if _, err := server.New(cfg); err == nil || !strings.HasPrefix(err.Error(), "cannot start the stage: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
