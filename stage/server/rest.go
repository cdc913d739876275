package server

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"podium/stage"
)

// hostPaths are the REST names of the host methods.
var hostPaths = map[string]stage.Method{
	"grant": stage.GrantAccess,
	"deny":  stage.DenyAccess,
	"kick":  stage.Kick,
}

// restRequests is GET /v1/meetings/{meeting}/requests, the REST form of
// stage.getAccessRequests.
func (s *Server) restRequests(w http.ResponseWriter, r *http.Request) {
	s.asHost(w, r, stage.GetAccessRequests, func(m *meeting, _ stage.Actor) {
		list := []stage.Request{}
		m.step(func(time.Time) stage.Outcome { list = m.rules.Requests(); return stage.Outcome{} })
		writeJSON(w, http.StatusOK, list)
	})
}

// restParticipants is GET /v1/meetings/{meeting}/participants.
func (s *Server) restParticipants(w http.ResponseWriter, r *http.Request) {
	s.asHost(w, r, stage.GetAccessRequests, func(m *meeting, _ stage.Actor) {
		list := []stage.Participant{}
		m.step(func(time.Time) stage.Outcome { list = m.rules.Participants(); return stage.Outcome{} })
		writeJSON(w, http.StatusOK, list)
	})
}

// restDecide is POST /v1/meetings/{meeting}/grant, deny or kick.
func (s *Server) restDecide(w http.ResponseWriter, r *http.Request) {
	method, ok := hostPaths[r.PathValue("method")]
	if !ok {
		writeError(w, http.StatusNotFound, rpcNoSuchMethod, "there is no method "+quote(r.PathValue("method"))+"; use grant, deny or kick")
		return
	}
	if !s.originAllowed(r) {
		writeError(w, http.StatusForbidden, 0, "pages of "+quote(r.Header.Get("Origin"))+" may not use this stage")
		return
	}
	s.asHost(w, r, method, func(m *meeting, a stage.Actor) {
		targets, bad := readTargets(w, r)
		if bad != nil {
			writeError(w, http.StatusBadRequest, bad.Code, bad.Message)
			return
		}
		var results []stage.TargetResult
		m.step(func(now time.Time) stage.Outcome {
			var out stage.Outcome
			results, out, _ = m.rules.Host(a, method, targets, now) // asHost has checked the right
			return out
		})
		writeJSON(w, http.StatusOK, stage.TargetResults{Results: results})
	})
}

// asHost checks the token and the right to decide, and keeps the meeting.
func (s *Server) asHost(w http.ResponseWriter, r *http.Request, method stage.Method, do func(*meeting, stage.Actor)) {
	claims, ok := s.authenticateFor(w, r)
	if !ok {
		return
	}
	m, err := s.enter(claims.Meeting)
	if err != nil {
		writeError(w, http.StatusServiceUnavailable, 0, err.Error())
		return
	}
	defer s.leave(m)
	actor := stage.Actor{UserID: claims.Subject, Preset: claims.Preset}
	if refused := m.rules.MayHost(actor, method); refused != nil {
		writeError(w, http.StatusForbidden, int(refused.Code), refused.Error())
		return
	}
	do(m, actor)
}

func readTargets(w http.ResponseWriter, r *http.Request) (stage.Targets, *rpcError) {
	var targets stage.Targets
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxMessage))
	if err != nil {
		return targets, &rpcError{Code: rpcInvalidRequest, Message: "cannot read the body: " + err.Error()}
	}
	if !json.Valid(body) {
		return targets, &rpcError{Code: rpcParseError, Message: `the body is not valid JSON; send {"userIds": ["..."]}`}
	}
	if bad := decodeParams(bytes.TrimSpace(body), &targets, targetKeys...); bad != nil {
		return targets, bad
	}
	return targets, checkTargets(targets)
}

// restError is the body of every refusal over HTTP.
type restError struct {
	Error struct {
		Code    int    `json:"code,omitempty"` // the stage's or JSON-RPC's, where there is one
		Message string `json:"message"`
	} `json:"error"`
}

func writeError(w http.ResponseWriter, status, code int, message string) {
	var e restError
	e.Error.Code, e.Error.Message = code, message
	writeJSON(w, status, e)
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(append(encode(v), '\n'))
}

// quote makes a foreign text safe to show and bounds its length.
func quote(text string) string {
	if len(text) > maxNameLength {
		text = text[:maxNameLength] + "..."
	}
	return strconv.Quote(text)
}

func pathEscape(segment string) string { return url.PathEscape(segment) }
