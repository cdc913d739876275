package server

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"podium/stage"
)

// The protocol errors of JSON-RPC 2.0, section 5.1, and one of ours from the
// range that it leaves to servers.
const (
	rpcParseError     = -32700
	rpcInvalidRequest = -32600
	rpcNoSuchMethod   = -32601
	rpcInvalidParams  = -32602
	rpcTooMany        = -32005
)

// rpcRequest is a call as it comes in. A call without an id is a notification:
// it is carried out, and not answered.
type rpcRequest struct {
	ID     json.RawMessage
	Method stage.Method
	Params json.RawMessage
}

type rpcError struct {
	Code    int       `json:"code,omitempty"` // the stage's or JSON-RPC's; over HTTP there may be none
	Message string    `json:"message"`
	Data    *rpcRetry `json:"data,omitempty"`
}

// rpcRetry says when the same call may be accepted.
type rpcRetry struct {
	AfterMs int64 `json:"retryAfterMs"`
}

// tooMany refuses a caller that floods.
func tooMany(wait time.Duration) *rpcError { return wayTooMany("too many calls", wait) }

// wayTooMany refuses what there is too much of for the moment.
func wayTooMany(what string, wait time.Duration) *rpcError {
	ms := (wait + time.Millisecond - 1).Milliseconds()
	return &rpcError{Code: rpcTooMany, Message: fmt.Sprintf("%s: wait %d ms", what, ms), Data: &rpcRetry{ms}}
}

// parseRequest reads one text message. There are no batches. The returned
// request carries the id as far as it could be read, for the answer.
func parseRequest(data []byte) (rpcRequest, *rpcError) {
	var r rpcRequest
	if !validJSON(data) {
		return r, &rpcError{Code: rpcParseError, Message: "not valid JSON"}
	}
	var in map[string]json.RawMessage
	if json.Unmarshal(data, &in) != nil || in == nil {
		return r, notRequest("send one object per message; there are no batches")
	}
	id, hasID := in["id"]
	if hasID && !validID(id) {
		return r, notRequest(`"id" must be a string, a number or null`)
	}
	r.ID = id
	var method string
	switch {
	case string(in["jsonrpc"]) != `"2.0"`:
		return r, notRequest(`"jsonrpc" must be "2.0"`)
	case string(in["method"]) == "null" || json.Unmarshal(in["method"], &method) != nil:
		return r, notRequest(`"method" must be there, and a string`)
	}
	if bad := checkKeys(in, "jsonrpc", "id", "method", "params"); bad != nil {
		return r, bad
	}
	r.Method, r.Params = stage.Method(method), in["params"]
	return r, nil
}

func notRequest(why string) *rpcError {
	return &rpcError{Code: rpcInvalidRequest, Message: "not a JSON-RPC 2.0 request: " + why}
}

// validID reports whether an id is a string, a number or null.
func validID(id json.RawMessage) bool {
	return len(id) > 0 && id[0] != '{' && id[0] != '[' && id[0] != 't' && id[0] != 'f'
}

// checkKeys refuses the first key, by name, that is not one of known. A key
// counts as it is written in the contract: encoding/json would take any case.
func checkKeys(in map[string]json.RawMessage, known ...string) *rpcError {
	for _, key := range slices.Sorted(maps.Keys(in)) {
		if !slices.Contains(known, key) {
			return &rpcError{Code: rpcInvalidParams, Message: "unknown key " + quote(key)}
		}
	}
	return nil
}

func answer(id json.RawMessage, result any, e *rpcError) []byte {
	type response struct {
		Version string          `json:"jsonrpc"`
		ID      json.RawMessage `json:"id"`
		Result  any             `json:"result,omitempty"`
		Error   *rpcError       `json:"error,omitempty"`
	}
	if id == nil {
		id = json.RawMessage("null")
	}
	return encode(response{Version: "2.0", ID: id, Result: result, Error: e})
}

func notification(event stage.Event, params any) []byte {
	return encode(struct {
		Version string      `json:"jsonrpc"`
		Method  stage.Event `json:"method"`
		Params  any         `json:"params"`
	}{"2.0", event, params})
}

// encode cannot fail: everything that is sent is of this module's own types.
func encode(v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("cannot encode %T: %v", v, err))
	}
	return data
}

// stageError turns a refusal of the rules into the wire's form.
func stageError(err *stage.Error) *rpcError {
	e := &rpcError{Code: int(err.Code), Message: err.Error()}
	if err.RetryAfter > 0 { // rounded up: too early would be refused again
		e.Data = &rpcRetry{int64((err.RetryAfter + time.Millisecond - 1) / time.Millisecond)}
	}
	return e
}
