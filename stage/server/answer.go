package server

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"podium/stage"
	"podium/stage/door"
)

// statuses are the HTTP statuses of the stage's errors and JSON-RPC's: what the
// meeting's state forbids is a conflict, what passes by itself is 429.
var statuses = map[int]int{
	int(stage.CodeInternal):         http.StatusInternalServerError,
	int(stage.CodePermissionDenied): http.StatusForbidden,
	int(stage.CodeStageDisabled):    http.StatusConflict,
	int(stage.CodeNotImplemented):   http.StatusNotImplemented,
	int(stage.CodeNotJoined):        http.StatusConflict,
	int(stage.CodeWrongStatus):      http.StatusConflict,
	int(stage.CodeStageFull):        http.StatusConflict,
	int(stage.CodeQueueFull):        http.StatusConflict,
	int(stage.CodeTooSoon):          http.StatusTooManyRequests,
	int(stage.CodeUnknownUser):      http.StatusNotFound,
	int(stage.CodeGrantExpired):     http.StatusConflict,
	rpcParseError:                   http.StatusBadRequest,
	rpcInvalidRequest:               http.StatusRequestEntityTooLarge,
	rpcNoSuchMethod:                 http.StatusNotFound,
	rpcInvalidParams:                http.StatusBadRequest,
	rpcTooMany:                      http.StatusTooManyRequests,
}

// restError is the body of every refusal over HTTP.
type restError struct {
	Error *rpcError `json:"error"`
}

// writeError refuses for a reason that has no code of the stage's.
func writeError(w http.ResponseWriter, status int, message string) {
	writeJSON(w, status, restError{&rpcError{Message: message}})
}

// writeRefusal answers what was refused, and when to come back if that is known.
func writeRefusal(w http.ResponseWriter, e *rpcError) {
	if e.Data != nil { // whole seconds (RFC 9110, 10.2.3), rounded up
		w.Header().Set("Retry-After", door.Seconds(time.Duration(e.Data.AfterMs)*time.Millisecond))
	}
	writeJSON(w, statuses[e.Code], restError{e})
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
