package server

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"podium/stage"
)

// serveWHIP lets a page of our own or a program come to the engine, which knows
// the publish tokens, and counts those that it refuses.
func (s *Server) serveWHIP(w http.ResponseWriter, r *http.Request) {
	if s.checkOrigin(w, r) {
		s.cfg.Engine.WHIP().ServeHTTP(&failing{ResponseWriter: w, request: r, server: s}, r)
	}
}

// failing turns an engine's 401 into 429 where an address has had too many of them.
type failing struct {
	http.ResponseWriter
	request *http.Request
	server  *Server
	instead bool // the answer has been given
}

// WriteHeader looks at the status before it is sent.
func (f *failing) WriteHeader(status int) {
	if status == http.StatusUnauthorized {
		if wait := f.server.failed(f.request); wait > 0 {
			f.Header().Del("WWW-Authenticate")
			f.instead = true
			writeRefusal(f.ResponseWriter, wayTooMany("too many tokens refused from your address", wait))
			return
		}
	}
	f.ResponseWriter.WriteHeader(status)
}

// Write drops the text of an answer that has been replaced.
func (f *failing) Write(p []byte) (int, error) {
	if f.instead {
		return len(p), nil
	}
	return f.ResponseWriter.Write(p)
}

// Unwrap is for http.ResponseController.
func (f *failing) Unwrap() http.ResponseWriter { return f.ResponseWriter }

// serveWHEP lets a participant of the meeting watch one other of it.
func (s *Server) serveWHEP(w http.ResponseWriter, r *http.Request) {
	if !s.checkOrigin(w, r) {
		return
	}
	if r.Method == http.MethodOptions {
		s.cfg.Engine.WHEP().ServeHTTP(w, r)
		return
	}
	if r.Header.Get("Origin") != "" {
		shareWith(w, r) // a refusal by us; the engine shares what is its own
	}
	claims, ok := s.authenticateFor(w, r)
	if !ok {
		return
	}
	if wait := s.limits.watches.Take(claims.caller()); r.Method == http.MethodPost && wait > 0 {
		writeRefusal(w, wayTooMany("too many views opened", wait))
		return
	}
	r = r.WithContext(stage.WithViewer(r.Context(), claims.Subject))
	userID := r.PathValue("user")
	if r.Method == http.MethodPost && !s.present(r.PathValue("meeting"), userID) {
		writeRefusal(w, stageError(&stage.Error{Code: stage.CodeUnknownUser, Detail: "there is no " + quote(userID) + " in the meeting"}))
		return
	}
	s.cfg.Engine.WHEP().ServeHTTP(w, r)
}

func (s *Server) present(meetingName, userID string) (present bool) {
	if m := s.find(meetingName); m != nil {
		m.step(func(time.Time) stage.Outcome { present = m.rules.Has(userID); return stage.Outcome{} })
	}
	return present
}

// serveHealth answers while the service is alive, and says whether it is ready, too:
// whoever asks with ?ready is answered 503 when it is not.
func (s *Server) serveHealth(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	closed, meetings := s.closed, len(s.meetings)
	s.mu.Unlock()
	if closed {
		writeError(w, http.StatusServiceUnavailable, "stopping")
		return
	}
	health := map[string]any{"status": "ok", "meetings": meetings, "store": "ok"}
	why := []string{}
	if problem := s.commits.problem(); problem != nil {
		health["store"], health["storeError"] = "failing", problem.Error()
		why = append(why, "what happens cannot be stored: "+problem.Error())
	}
	if n := s.Counts().Hanging; n > 0 {
		why = append(why, fmt.Sprintf("%d meetings hang", n))
	}
	health["ready"], health["why"] = len(why) == 0, why
	code := http.StatusOK
	if len(why) > 0 && r.URL.Query().Has("ready") {
		code = http.StatusServiceUnavailable
	}
	writeJSON(w, code, health)
}

// baseURL is what the URLs handed out begin with.
func (s *Server) baseURL(r *http.Request) string {
	if s.cfg.PublicURL != "" {
		return strings.TrimRight(s.cfg.PublicURL, "/")
	}
	scheme := "http://"
	if r.TLS != nil {
		scheme = "https://"
	}
	return scheme + r.Host
}
