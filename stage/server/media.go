package server

import (
	"net/http"
	"strings"
	"time"

	"podium/stage"
)

// serveWHEP lets a participant of the meeting watch one other of it.
func (s *Server) serveWHEP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodOptions {
		s.cfg.Engine.WHEP().ServeHTTP(w, r)
		return
	}
	if _, ok := s.authenticateFor(w, r); !ok {
		return
	}
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

// serveHealth answers while the service can serve.
func (s *Server) serveHealth(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	closed, meetings := s.closed, len(s.meetings)
	s.mu.Unlock()
	if closed {
		writeError(w, http.StatusServiceUnavailable, "stopping")
		return
	}
	health := map[string]any{"status": "ok", "meetings": meetings, "store": "ok"}
	if problem := s.commits.problem(); problem != nil {
		health["store"], health["storeError"] = "failing", problem.Error()
	}
	writeJSON(w, http.StatusOK, health)
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
