package server

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"unicode/utf8"

	"podium/stage"
)

// maxQuoted bounds what of a caller's text an error repeats, in bytes.
const maxQuoted = 300

func badParams(format string, args ...any) *rpcError {
	text := fmt.Sprintf("params: "+format, args...)
	if len(text) > maxQuoted {
		text = string(bytes.ToValidUTF8([]byte(text[:maxQuoted]), nil)) + "..."
	}
	return &rpcError{Code: rpcInvalidParams, Message: text}
}

// decodeParams reads named parameters into into. They may have the keys given,
// each with a value; unknown keys are an error, so that a misspelt one is not
// taken for an absent one.
func decodeParams(params json.RawMessage, into any, keys ...string) *rpcError {
	if params == nil {
		return nil
	}
	var in map[string]json.RawMessage
	if json.Unmarshal(params, &in) != nil || in == nil {
		return badParams("send an object")
	}
	if bad := checkKeys(in, keys...); bad != nil {
		return badParams("%s", bad.Message)
	}
	for _, key := range slices.Sorted(maps.Keys(in)) {
		if string(in[key]) == "null" {
			return badParams("%s cannot be null: give a value, or leave the key out", key)
		}
	}
	// What is decoded is what was checked: of a key that came twice, the last.
	if err := json.Unmarshal(encode(in), into); err != nil {
		return badParams("%s", valueProblem(err))
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

// checkUsers checks whom a call is about: at least one userId, none of them empty.
func checkUsers(userIDs []string) *rpcError {
	if len(userIDs) == 0 {
		return badParams("userIds must name at least one user")
	}
	if slices.Contains(userIDs, "") {
		return badParams("userIds holds an empty userId")
	}
	return nil
}

// The parameters of a grant, beside the users.
const (
	keyUsers    = "userIds"
	keyExpect   = "expect"
	keyMedia    = "media"
	keySpeaking = "speakingTimeMs"
)

// readTargets reads the parameters of a host method that may have these keys.
func readTargets(params json.RawMessage, keys ...string) (stage.Targets, *rpcError) {
	var t stage.Targets
	if bad := decodeParams(params, &t, keys...); bad != nil {
		return t, bad
	}
	if slices.Contains(keys, keyUsers) {
		if bad := checkUsers(t.UserIDs); bad != nil {
			return t, bad
		}
	}
	patch := stage.SettingsPatch{SpeakingTimeMs: t.SpeakingTimeMs}
	if t.Media != nil {
		patch.Media = &t.Media
	}
	return t, checkPatch(patch)
}

// readPatch reads a change of the settings.
func readPatch(params json.RawMessage) (stage.SettingsPatch, *rpcError) {
	var p stage.SettingsPatch
	if bad := decodeParams(params, &p, stage.SettingsKeys...); bad != nil {
		return p, bad
	}
	return p, checkPatch(p)
}

func checkPatch(p stage.SettingsPatch) *rpcError {
	if err := p.Check(); err != nil {
		return badParams("%s", err)
	}
	return nil
}

// readPriority reads whether the caller takes priority or gives it up.
func readPriority(params json.RawMessage) (held bool, bad *rpcError) {
	var p struct {
		Held *bool `json:"held"`
	}
	if bad := decodeParams(params, &p, "held"); bad != nil {
		return false, bad
	}
	if p.Held == nil {
		return false, badParams("held is missing: true takes the priority, false gives it up")
	}
	return *p.Held, nil
}

// readIdentify reads whose lamps are to blink, and for how long.
func readIdentify(params json.RawMessage) (stage.IdentifyParams, *rpcError) {
	var p stage.IdentifyParams
	if bad := decodeParams(params, &p, keyUsers, "durationMs"); bad != nil {
		return p, bad
	}
	if d := p.DurationMs; d != nil && (*d < 0 || *d > stage.IdentifyMs) {
		return p, badParams("durationMs is %d: give 1 to %d (ms), or 0 to end it", *d, stage.IdentifyMs)
	}
	return p, checkUsers(p.UserIDs)
}

// readNothing reads the parameters of a method that has none.
func readNothing(params json.RawMessage) *rpcError { return decodeParams(params, &struct{}{}) }

// validJSON reports whether data is one JSON value in UTF-8.
func validJSON(data []byte) bool { return utf8.Valid(data) && json.Valid(data) }
