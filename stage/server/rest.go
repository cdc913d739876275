package server

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"podium/stage"
)

// restCall is the REST form of one call of a host.
type restCall struct {
	verb, name string
	read       func(json.RawMessage) (hostStep, *rpcError)
}

// restCalls are all but the record, which has a form of its own.
var restCalls = []restCall{
	{verb: http.MethodGet, name: "requests", read: hostCalls[stage.GetAccessRequests]},
	{verb: http.MethodGet, name: "participants", read: getParticipants},
	{verb: http.MethodPost, name: "grant", read: hostCalls[stage.GrantAccess]},
	{verb: http.MethodPost, name: "deny", read: hostCalls[stage.DenyAccess]},
	{verb: http.MethodPost, name: "kick", read: hostCalls[stage.Kick]},
	{verb: http.MethodPost, name: "next", read: hostCalls[stage.GrantNext]},
	{verb: http.MethodPost, name: "clear", read: hostCalls[stage.ClearRequests]},
	{verb: http.MethodPost, name: "priority", read: hostCalls[stage.SetPriority]},
	{verb: http.MethodPost, name: "identify", read: hostCalls[stage.Identify]},
	{verb: http.MethodGet, name: "settings", read: readSettings},
	{verb: http.MethodPatch, name: "settings", read: hostCalls[stage.UpdateSettings]},
}

// body is what REST says of a result: a list or the settings by themselves.
func body(result any) any {
	switch r := result.(type) {
	case stage.RequestList:
		return r.StageRequests
	case stage.SettingsResult:
		return r.Settings
	default:
		return result
	}
}

// getParticipants lists who is in the meeting, whether its stage is enabled or not.
func getParticipants(params json.RawMessage) (hostStep, *rpcError) {
	return func(rules *stage.Meeting, a stage.Actor, _ time.Time) (any, stage.Outcome, *stage.Error) {
		return rules.Participants(), stage.Outcome{}, onlyHosts(a, "the list of participants")
	}, readNothing(params)
}

// readSettings is meeting.getSettings for one who has not joined: a host.
func readSettings(params json.RawMessage) (hostStep, *rpcError) {
	read, bad := getSettings(params)
	return func(rules *stage.Meeting, a stage.Actor, now time.Time) (any, stage.Outcome, *stage.Error) {
		if refused := onlyHosts(a, "the settings"); refused != nil {
			return nil, stage.Outcome{}, refused
		}
		return read(rules, a, now)
	}, bad
}

func onlyHosts(a stage.Actor, what string) *stage.Error {
	if a.Preset.AcceptStageRequests {
		return nil
	}
	return &stage.Error{Code: stage.CodePermissionDenied, Detail: what + " is for a preset that accepts stage requests"}
}

// serveCall answers one call.
func (s *Server) serveCall(call restCall) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s.inMeeting(w, r, func(m *meeting, a stage.Actor) {
			params, bad := readBody(w, r)
			var do hostStep
			if bad == nil {
				do, bad = call.read(params)
			}
			if bad != nil {
				writeRefusal(w, bad)
				return
			}
			var result any
			var refused *stage.Error
			m.settled(func(now time.Time) (out stage.Outcome) {
				result, out, refused = do(m.rules, a, now)
				return out
			})
			if refused != nil {
				writeRefusal(w, stageError(refused))
				return
			}
			writeJSON(w, http.StatusOK, body(result))
		})
	}
}

// inMeeting lets a caller in who has a token for this meeting and does not
// flood, and keeps the meeting meanwhile.
func (s *Server) inMeeting(w http.ResponseWriter, r *http.Request, do func(*meeting, stage.Actor)) {
	if !s.checkOrigin(w, r) {
		return
	}
	shareWith(w, r)
	claims, ok := s.authenticateFor(w, r)
	if !ok {
		return
	}
	if wait := s.limits.calls.Take(claims.caller()); wait > 0 {
		writeRefusal(w, tooMany(wait))
		return
	}
	m, err := s.enter(claims.Meeting)
	if err != nil {
		writeError(w, http.StatusServiceUnavailable, err.Error())
		return
	}
	defer s.leave(m)
	do(m, claims.actor())
}

// readBody reads the parameters: an object, or nothing at all. The body of a GET
// means nothing (RFC 9110, 9.3.1).
func readBody(w http.ResponseWriter, r *http.Request) (json.RawMessage, *rpcError) {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return nil, nil
	}
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxMessage))
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return nil, &rpcError{Code: rpcInvalidRequest, Message: "the body is larger than 64 KiB"}
	}
	if err != nil {
		return nil, &rpcError{Code: rpcParseError, Message: "cannot read the body: " + err.Error()}
	}
	data = bytes.TrimSpace(data)
	if len(data) == 0 {
		return nil, nil
	}
	if !validJSON(data) {
		return nil, &rpcError{Code: rpcParseError, Message: "the body is not valid JSON; send one object"}
	}
	return data, nil
}
