package server

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"unicode/utf8"

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
	Code    int    `json:"code"`
	Message string `json:"message"`
	Data    any    `json:"data,omitempty"`
}

// parseRequest reads one text message. There are no batches. The returned
// request carries the id as far as it could be read, for the answer.
func parseRequest(data []byte) (rpcRequest, *rpcError) {
	var r rpcRequest
	if !utf8.Valid(data) || !json.Valid(data) {
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

// decodeParams reads named parameters into into. They may have the keys given;
// unknown ones are an error.
func decodeParams(params json.RawMessage, into any, keys ...string) *rpcError {
	if params == nil {
		return nil
	}
	var in map[string]json.RawMessage
	if json.Unmarshal(params, &in) != nil || in == nil {
		return &rpcError{Code: rpcInvalidParams, Message: "params must be an object"}
	}
	if bad := checkKeys(in, keys...); bad != nil {
		bad.Message = "params: " + bad.Message
		return bad
	}
	if err := json.Unmarshal(params, into); err != nil {
		return &rpcError{Code: rpcInvalidParams, Message: "params: " + valueProblem(err)}
	}
	return nil
}

// valueProblem says what stands where it does not belong, in the wire's words.
func valueProblem(err error) string {
	var mistyped *json.UnmarshalTypeError
	if errors.As(err, &mistyped) {
		return fmt.Sprintf("%s cannot hold a JSON %s", mistyped.Field, mistyped.Value)
	}
	return err.Error()
}

// targetKeys are the parameters of the host methods.
var targetKeys = []string{"userIds"}

// checkTargets checks what a host method is asked for: at least one userId, and
// none of them empty.
func checkTargets(t stage.Targets) *rpcError {
	if len(t.UserIDs) == 0 {
		return &rpcError{Code: rpcInvalidParams, Message: "params: userIds must name at least one user"}
	}
	if slices.Contains(t.UserIDs, "") {
		return &rpcError{Code: rpcInvalidParams, Message: "params: userIds holds an empty userId"}
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
	return &rpcError{Code: int(err.Code), Message: err.Error()}
}
