package server_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// method is a call with what it takes: for each key values that are right, and
// such as are not though their type is.
type method struct {
	name string // of the wire
	rest string // "VERB name"; empty: REST has no such call
	keys map[string]param
}

type param struct {
	right    string   // one JSON value that is taken
	required bool     // the call needs it
	wrong    []string // JSON values of the right type that are refused
}

var (
	users    = param{right: `["ghost"]`, required: true, wrong: []string{`[]`, `[""]`, `["ghost",""]`}}
	expect   = param{right: `"ON_STAGE"`, wrong: []string{`""`, `"on_stage"`, `"ON_STAGE "`}}
	media    = param{right: `["audio"]`, wrong: []string{`[]`, `["smell"]`, `["audio","audio"]`, `["AUDIO"]`, `[""]`}}
	ms       = param{right: `1000`, wrong: []string{`-1`, `999`, `86400001`, `9223372036854775807`, `1.5`, `1e3`}}
	boolean  = param{right: `true`}
	places   = param{right: `3`, wrong: []string{`-1`, `10001`, `1.5`, `1e2`}}
	word     = func(right string) param { return param{right: right, wrong: []string{`""`, `"x"`, `"REQUEST"`}} }
	required = func(k param) param { k.required = true; return k }
)

// methods are all methods of the wire.
var methods = []method{
	{name: "meeting.join"}, {name: "meeting.leave"}, {name: "stage.requestAccess"}, {name: "stage.cancelRequestAccess"},
	{name: "stage.join"}, {name: "stage.leave"}, {name: "stage.publish"}, {name: "stage.getAccessRequests"}, {name: "meeting.getSettings"},
	{name: "stage.clearRequests", rest: "POST clear"},
	{name: "stage.grantAccess", rest: "POST grant", keys: map[string]param{"userIds": users, "expect": expect, "media": media, "speakingTimeMs": ms}},
	{name: "stage.denyAccess", rest: "POST deny", keys: map[string]param{"userIds": users, "expect": expect}},
	{name: "stage.kick", rest: "POST kick", keys: map[string]param{"userIds": users, "expect": expect}},
	{name: "stage.grantNext", rest: "POST next", keys: map[string]param{"media": media, "speakingTimeMs": ms}},
	{name: "stage.setPriority", rest: "POST priority", keys: map[string]param{"held": required(boolean)}},
	{name: "stage.identify", rest: "POST identify", keys: map[string]param{"userIds": users,
		"durationMs": {right: `0`, wrong: []string{`-1`, `30001`, `1.5`}}}},
	{name: "meeting.updateSettings", rest: "PATCH settings", keys: map[string]param{
		"stageEnabled": boolean, "mode": word(`"fifo"`), "stageLimit": places, "queueLimit": places, "requestsClosed": boolean, "media": media,
		"grantExpiryMs": {right: `1000`, wrong: []string{`-1`, `999`, `3600001`}}, "speakingTimeMs": ms,
		"speakingWarningMs": {right: `1000`, wrong: []string{`-1`, `999`, `3600001`}}, "speakingEnd": word(`"off"`),
		"rejectionWaitMs": ms, "priority": word(`"remove"`)}},
}

// anyValues are of every type, and some of them of every size.
var anyValues = []string{
	`null`, `true`, `1`, `-1.5`, `1e400`, `99999999999999999999999`, `"x"`, `""`, `"\u0000\u202e<b>"`, `[]`, `{}`, `[1]`, `[null]`, `[[]]`, `[{"a":1}]`,
	`{"a":1}`, `"` + strings.Repeat("x", 50<<10) + `"`, strings.Repeat("9", 50<<10), strings.Repeat("[", 5000) + strings.Repeat("]", 5000),
}

// bad lists parameters that the method must refuse.
func (m method) bad() (list []string) {
	for name, k := range m.keys {
		for _, value := range append(anyValues, k.wrong...) {
			if kind(value) != kind(k.right) || slices.Contains(k.wrong, value) {
				list = append(list, m.with(name, value))
			}
		}
		if k.required {
			list = append(list, m.with(name, ""))
		}
		list = append(list, m.with(strings.ToUpper(name), k.right))
	}
	good := m.with("", "")
	more := strings.TrimSuffix(good, "}") + map[bool]string{true: "", false: ","}[good == "{}"]
	list = append(list, more+`"more":1}`, more+`"":1}`, more+`"`+strings.Repeat("k", 50<<10)+`":1}`, more+`"userids":["x"]}`)
	for _, other := range methods { // what another method takes
		for name, k := range other.keys {
			if _, own := m.keys[name]; !own {
				list = append(list, more+fmt.Sprintf("%q:%s}", name, k.right))
			}
		}
	}
	return append(list, `true`, `7`, `"x"`, `[]`, `[{}]`, `null`)
}

// A key that comes twice counts as its last, and as nothing of the first.
func TestKeyTwice(t *testing.T) {
	h := openHouse(t)
	boss := h.enter("boss", "host")
	boss.refused("stage.kick", `{"userIds":["ann","bob"],"userIds":[null]}`, -32602)
	boss.refused("stage.grantAccess", `{"userIds":["ann"],"media":["audio","video"],"media":[null]}`, -32602)
	boss.do("stage.kick", `{"userIds":["ann","bob"],"userIds":["cid"]}`, `{"results":[{"userId":"cid",~}]}`)
}

// with gives right parameters but for one key; an empty value leaves it out.
func (m method) with(name, value string) string {
	var pairs []string
	for known, k := range m.keys {
		if known != name {
			pairs = append(pairs, fmt.Sprintf("%q:%s", known, k.right))
		}
	}
	if value != "" {
		pairs = append(pairs, fmt.Sprintf("%q:%s", name, value))
	}
	slices.Sort(pairs)
	return "{" + strings.Join(pairs, ",") + "}"
}

// kind is the JSON type of a value; numbers that no integer holds are their own.
func kind(value string) string {
	switch {
	case strings.ContainsAny(value[:1], "-0123456789"):
		if strings.ContainsAny(value, ".e") || len(value) > 19 {
			return "no integer"
		}
		return "integer"
	case value == "true" || value == "false":
		return "boolean"
	case value[0] == '[':
		var names []string
		if json.Unmarshal([]byte(value), &names) != nil || strings.Contains(value, "null") {
			return "no list of texts"
		}
		return "list"
	default:
		return value[:1]
	}
}

// Whatever is wrong with the parameters of whatever method, over the WebSocket
// and over REST the refusal is the same, short, and nothing has changed.
func TestEveryMethodWithBadParams(t *testing.T) {
	h := openHouse(t)
	watching := h.enter("watching", "host")
	for n, m := range methods {
		cases := m.bad()
		for i, params := range cases {
			user := fmt.Sprintf("clumsy-%d-%d", n, i/100)
			if i%100 == 0 { // a fresh caller, whose calls are not counted yet
				watching.forgetAll()
			}
			s := h.clumsy(user)
			f := s.call(m.name, params)
			if f.Error == nil || f.Error.Code != -32602 || f.Error.Message == "" || len(f.Error.Message) > 400 || f.Result != nil {
				t.Errorf("%s %.100s: %.300s %+v", m.name, params, f.Result, f.Error)
				continue
			}
			verb, name, ok := strings.Cut(m.rest, " ")
			if !ok {
				continue
			}
			status, body := h.request(verb, hallPath+name, h.token(user, "host"), params)
			var refused struct{ Error wireError }
			if err := json.Unmarshal([]byte(body), &refused); err != nil || status != 400 || refused.Error != *f.Error {
				t.Errorf("REST %s %.100s: %d %.300s, want %+v", m.rest, params, status, body, f.Error)
			}
		}
		t.Logf("%s: %d refused", m.name, len(cases))
	}
	watching.do("meeting.getSettings", "{}", `{"settings":`+defaultSettings+`}`)
	for _, f := range watching.early {
		if f.Method != "participantJoined" && f.Method != "stageStatusUpdate" {
			t.Errorf("%s was told: %s", f.Method, f.Params)
		}
	}
}

// clumsy gives the seat of a user, who enters at first.
func (h *house) clumsy(user string) *seat {
	h.t.Helper()
	if h.seats[user] == nil {
		if h.seats == nil {
			h.seats = map[string]*seat{}
		}
		h.seats[user] = h.enter(user, "host")
	}
	return h.seats[user]
}
