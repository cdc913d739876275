package server

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gorilla/websocket"

	"podium/stage"
)

// subprotocol is the WebSocket subprotocol of /v1/stage; browsers, which cannot
// set a header there, offer the token as a second one behind bearerPrefix.
const (
	subprotocol  = "podium.stage.v1"
	bearerPrefix = "bearer."
)

// tokenOf finds the caller's token: never in the URL, which gets logged.
func tokenOf(r *http.Request) string {
	if scheme, token, ok := strings.Cut(r.Header.Get("Authorization"), " "); ok && strings.EqualFold(scheme, "Bearer") {
		return strings.TrimSpace(token)
	}
	for _, offered := range websocket.Subprotocols(r) {
		if token, ok := strings.CutPrefix(offered, bearerPrefix); ok {
			return token
		}
	}
	return ""
}

// deviceHeader tells one device from another with the same token. It is no secret, and
// nobody is believed anything for it.
const deviceHeader = "Podium-Device"

// deviceOf gives the device that the caller says it is; too long a name is none.
func deviceOf(r *http.Request) string {
	device := r.Header.Get(deviceHeader)
	if utf8.RuneCountInString(device) > maxNameLength {
		return ""
	}
	return strings.ToValidUTF8(device, "")
}

// authenticate gives the caller's claims, or answers 401 and reports false.
func (s *Server) authenticate(w http.ResponseWriter, r *http.Request) (Claims, bool) {
	token := tokenOf(r)
	if token == "" {
		s.unauthorized(w, r, "no token: send Authorization: Bearer TOKEN")
		return Claims{}, false
	}
	claims, err := parseToken(s.cfg.Key, token)
	if err != nil {
		s.unauthorized(w, r, err.Error())
		return Claims{}, false
	}
	if !s.podiums.holds(claims) {
		s.unauthorized(w, r, "this podium's credential was withdrawn; to let it in again, make a code on the console (Add a podium), and type on the podium: podium enroll CODE")
		return Claims{}, false
	}
	return claims, true
}

// authenticateFor is authenticate for a path that names its meeting: a token
// for another one is answered 403.
func (s *Server) authenticateFor(w http.ResponseWriter, r *http.Request) (Claims, bool) {
	claims, ok := s.authenticate(w, r)
	if !ok {
		return Claims{}, false
	}
	if meeting := r.PathValue("meeting"); claims.Meeting != meeting {
		writeError(w, http.StatusForbidden, "the token is for another meeting than "+quote(meeting))
		return Claims{}, false
	}
	return claims, true
}

// unauthorized answers 401, and 429 to an address from which there have been too
// many. The token is looked at first in any case: in a hall behind one NAT nobody
// can lock the others out by sending wrong ones.
func (s *Server) unauthorized(w http.ResponseWriter, r *http.Request, why string) {
	if wait := s.failed(r); wait > 0 {
		writeRefusal(w, wayTooMany("too many tokens refused from your address", wait))
		return
	}
	w.Header().Set("WWW-Authenticate", `Bearer realm="podium", error="invalid_token"`)
	writeError(w, http.StatusUnauthorized, "token refused: "+why)
}

// checkOrigin answers 403 to a page of somebody else's, and reports false.
func (s *Server) checkOrigin(w http.ResponseWriter, r *http.Request) bool {
	ok := s.originAllowed(r)
	if !ok {
		writeError(w, http.StatusForbidden, "pages of "+quote(r.Header.Get("Origin"))+" may not use this stage; add it to origins in the configuration")
	}
	return ok
}

// shareWith lets a page that may use this stage read the answer (CORS). What
// opens it is a token in a header, never a cookie that a browser would add.
func shareWith(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Add("Vary", "Origin")
	if origin := r.Header.Get("Origin"); origin != "" {
		h.Set("Access-Control-Allow-Origin", origin)
		h.Set("Access-Control-Expose-Headers", "Retry-After, Content-Disposition")
	}
}

// originAllowed lets in programs (no Origin), our own pages, and the origins
// that the configuration names.
func (s *Server) originAllowed(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" || slices.Contains(s.cfg.Origins, origin) {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && u.Host != "" && strings.EqualFold(u.Host, r.Host)
}

// actor is the caller as one who decides for others.
func (c Claims) actor() stage.Actor {
	return stage.Actor{UserID: c.Subject, DisplayName: c.Name, Preset: c.Preset}
}
