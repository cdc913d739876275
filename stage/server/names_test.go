package server_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"podium/stage"
	"podium/stage/server"
)

// foreign are names that somebody may come with.
var foreign = []string{
	"\x00\x01\x1b[31m\x7f\u0085", "line\r\nbreak\ttab\u2028\u2029", "\u202egnp.exe\u202c \u200f\u2066x\u2069", "<script>alert('x')</script>&amp;",
	`"\/quotes\\`, "%00%2e../..", "日本語 🎤 é", "\ufeff\u200b", "=cmd|' /C calc'!A0",
}

// enterNamed joins the meeting as one whose userId and name are this text.
func (h *house) enterNamed(name string) *seat {
	h.t.Helper()
	token, err := server.NewToken(key, server.TokenRequest{
		Meeting: "hall", UserID: name, Name: name, Preset: stage.Presets["podium"], TTL: time.Hour,
	}, time.Now())
	if err != nil {
		h.t.Fatal(err)
	}
	s := h.dial(token)
	s.want("meeting.join", nil)
	return s
}

// Foreign names come and go as they are, as texts of JSON: in events, answers
// and REST; and a host acts on the very one.
func TestForeignNamesArriveUnchanged(t *testing.T) {
	h := openHouse(t)
	boss, host := h.enter("boss", "host"), h.token("desk", "host")
	for _, name := range foreign {
		s := h.enterNamed(name)
		s.want("stage.requestAccess", nil)
		for _, event := range []string{"participantJoined", "newStageRequest", "participantStageStatusUpdate"} {
			var got struct {
				Participant, Request struct{ UserID, DisplayName string }
			}
			if err := json.Unmarshal([]byte(boss.next(event)), &got); err != nil {
				t.Fatal(err)
			}
			who := got.Participant
			if event == "newStageRequest" {
				who = got.Request
			}
			if who.UserID != name || who.DisplayName != name {
				t.Errorf("%s of %q has %q, %q", event, name, who.UserID, who.DisplayName)
			}
		}
		body, _ := json.Marshal(stage.Targets{UserIDs: []string{name}})
		boss.do("stage.identify", string(body), `{"results":[{~"ok":true,"changed":true}]}`)
		status, answer := h.request("POST", hallPath+"grant", host, string(body))
		var results stage.TargetResults
		if err := json.Unmarshal([]byte(answer), &results); err != nil || status != 200 || len(results.Results) != 1 ||
			results.Results[0] != (stage.TargetResult{UserID: name, OK: true, Changed: true}) {
			t.Errorf("%q is granted %d %s", name, status, answer)
		}
		s.want("stage.join", nil)
		boss.forget()
	}
	for _, list := range []string{"participants", "record"} {
		var people []struct{ UserID, DisplayName string }
		_, body := h.request("GET", hallPath+list, host, "")
		if err := json.Unmarshal([]byte(body), &people); err != nil {
			t.Fatal(err)
		}
		found := map[string]bool{}
		for _, p := range people {
			found[p.UserID] = p.UserID == p.DisplayName
		}
		for _, name := range foreign {
			if !found[name] {
				t.Errorf("%s has no %q", list, name)
			}
		}
	}
}

// next takes notices until this one comes.
func (s *seat) next(event string) string {
	s.t.Helper()
	for {
		if f := s.notice(); f.Method == event {
			return string(f.Params)
		}
	}
}

// A meeting's name stands in paths, whatever it is.
func TestForeignMeetings(t *testing.T) {
	h := openHouse(t)
	for _, name := range append(foreign, "a/b", "a?b#c", "..%2f", "...", "a b+c") {
		token := h.tokenFor(name, "desk", "host")
		if status, body := h.request("GET", "/v1/meetings/"+escape(name)+"/settings", token, ""); status != 200 {
			t.Errorf("%q is answered %d %s", name, status, body)
		}
		if status, _ := h.request("GET", hallPath+"settings", token, ""); status != 403 {
			t.Errorf("the token for %q is good for another meeting", name)
		}
	}
}

// As many users as a message holds are answered one by one, in their order.
func TestManyTargets(t *testing.T) {
	h := openHouse(t)
	boss := h.enter("boss", "host")
	var users []string
	for i := 0; len(users)*8 < 60<<10; i++ {
		users = append(users, fmt.Sprintf("u%04d", i))
	}
	list, _ := json.Marshal(stage.Targets{UserIDs: append(users, users[0])})
	for _, method := range []string{"stage.grantAccess", "stage.denyAccess", "stage.kick", "stage.identify"} {
		var results stage.TargetResults
		if f := boss.call(method, string(list)); f.Error != nil || json.Unmarshal(f.Result, &results) != nil || len(results.Results) != len(users) {
			t.Fatalf("%s answers %+v, %d results", method, f.Error, len(results.Results))
		}
		for i, r := range results.Results {
			if r.UserID != users[i] || r.Code != stage.CodeUnknownUser {
				t.Fatalf("%s: result %d is %+v", method, i, r)
			}
		}
	}
	long := strings.Repeat("x", 60<<10) // longer than any that a token may carry
	boss.do("stage.kick", `{"userIds":["`+long+`"]}`, `{"results":[{"userId":"`+long+`","ok":false,"code":2104,~}]}`)
}
