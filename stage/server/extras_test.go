package server_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"podium/stage"
)

// do calls a method with parameters and wants an answer like this.
func (s *seat) do(method, params, like string) {
	s.t.Helper()
	f := s.call(method, params)
	if f.Error != nil {
		s.t.Fatalf("%s %s: %+v", method, params, f.Error)
	}
	wantLike(s.t, string(f.Result), like)
}

func TestNextAndClear(t *testing.T) {
	h := openHouse(t)
	boss := h.enter("boss", "host")
	boss.do("stage.grantNext", "{}", `{"results":[]}`)
	boss.do("stage.clearRequests", "{}", `{"results":[]}`)
	ann, bob, cid := h.enter("ann", "podium"), h.enter("bob", "podium"), h.enter("cid", "podium")
	for _, s := range []*seat{ann, bob, cid} {
		s.want("stage.requestAccess", nil)
		s.forget()
	}
	boss.do("stage.grantNext", `{"media":["audio"],"speakingTimeMs":60000}`, `{"results":[{"userId":"ann","ok":true,"changed":true}]}`)
	wantLike(t, ann.last("stageRequestApproved"), `{"invited":false,"expiresAt":"~Z","media":["audio"]}`)
	boss.do("stage.clearRequests", "{}", `{"results":[{"userId":"bob","ok":true,"changed":true},{"userId":"cid","ok":true,"changed":true}]}`)
	cid.forget() // the positions before
	wantLike(t, bob.last("stageStatusUpdate"), `{"status":"OFF_STAGE",~"reason":"cleared","by":"boss"}`)
	ann.refused("stage.clearRequests", "{}", 2001)
	ann.refused("stage.grantNext", "{}", 2001)
}

// last takes what has come in and gives the newest of these notices.
func (s *seat) last(event string) (params string) {
	s.t.Helper()
	s.sync()
	for _, f := range s.early {
		if f.Method == event {
			params = string(f.Params)
		}
	}
	s.early = nil
	return params
}

// What a grant covers is what the engine admits, in a fresh place too.
func TestGrantOfAudioAlone(t *testing.T) {
	h := openHouse(t)
	boss, ann := h.enter("boss", "host"), h.enter("ann", "podium")
	ann.want("stage.requestAccess", nil)
	boss.do("stage.grantAccess", `{"userIds":["ann"],"media":["audio"],"speakingTimeMs":60000}`, `{"results":[{"userId":"ann","ok":true,"changed":true}]}`)
	ann.do("stage.join", "{}", `{"status":"ON_STAGE","publish":{~"token":"token-1",~"media":["audio"]}}`)
	wantLike(t, ann.last("stageTimeUpdate"), `{"phase":"running","limitMs":60000,"remainingMs":60000,"endsAt":"~Z"}`)
	ann.do("stage.publish", "{}", `{"status":"ON_STAGE","publish":{~"token":"token-1",~"media":["audio"]}}`)
	if got := fmt.Sprint(h.engine.Turns()); got != "[{hall ann 1 [audio]} {hall ann 1 [audio]}]" {
		t.Errorf("admitted %s", got)
	}
	bob := h.enter("bob", "panelist")
	boss.do("meeting.updateSettings", `{"media":["video"]}`, `{"settings":{~"media":["video"]~}}`)
	bob.want("stage.requestAccess", nil)
	bob.do("stage.join", "{}", `{~"media":["video"]}}`)
}

// A chair's priority cuts the others; when it ends they go on with a new place.
func TestPriorityOverTheWire(t *testing.T) {
	h := openHouse(t)
	boss, ann, bob := h.enter("boss", "host"), h.enter("ann", "podium"), h.enter("bob", "panelist")
	bringOnStage(boss, ann, "ann")
	bob.want("stage.requestAccess", nil)
	bob.forget()
	boss.do("stage.setPriority", `{"held":true}`, `{"held":true,"userId":"boss","displayName":"Name of boss"}`)
	h.wantCalls("admit hall/ann", "evict hall/ann")
	wantLike(t, ann.last("stageSuspended"), `{"suspended":true,"by":"boss"}`)
	ann.do("stage.publish", "{}", `{"status":"ON_STAGE","suspended":true}`)

	bob.do("stage.join", "{}", `{"status":"ON_STAGE","suspended":true}`)
	h.wantCalls("admit hall/ann", "evict hall/ann")
	wantLike(t, bob.last("stageStatusUpdate"), `{"status":"ON_STAGE",~}`)

	second := h.enter("second", "host")
	second.refused("stage.setPriority", `{"held":true}`, 2006)
	ann.refused("stage.setPriority", `{"held":false}`, 2001)
	second.do("stage.setPriority", `{"held":false}`, `{"held":false}`)
	wantLike(t, ann.last("stageSuspended"), `{"suspended":false,"by":"second"}`)
	ann.do("stage.publish", "{}", `{"status":"ON_STAGE","publish":{~"token":"token-2",~}}`)
	bob.do("stage.publish", "{}", `{"status":"ON_STAGE","publish":{~"token":"token-3",~}}`)
	ann.do("stage.publish", "{}", `{"status":"ON_STAGE","publish":{~"token":"token-2",~}}`) // the same turn
	wantLike(t, bob.last("stagePriorityUpdate"), `{"held":false}`)
}

// The chair is not silenced by the own priority.
func TestPriorityOfOneOnStage(t *testing.T) {
	h := openHouse(t)
	boss := h.enter("boss", "host")
	boss.want("stage.requestAccess", nil)
	boss.do("stage.setPriority", `{"held":true}`, `{"held":true,~}`)
	boss.do("stage.join", "{}", `{"status":"ON_STAGE","publish":{~}}`)
	boss.do("stage.publish", "{}", `{"status":"ON_STAGE","publish":{~}}`)
	h.wantCalls("admit hall/boss", "admit hall/boss")
}

func TestIdentifyOverTheWire(t *testing.T) {
	h := openHouse(t)
	boss, ann := h.enter("boss", "host"), h.enter("ann", "podium")
	boss.do("stage.identify", `{"userIds":["ann","ghost"]}`, `{"results":[{"userId":"ann","ok":true,"changed":true},{"userId":"ghost","ok":false,"code":2104,~}]}`)
	wantLike(t, ann.wantNotice("stageIdentify"), `{"durationMs":30000,"by":"boss"}`)
	boss.do("stage.identify", `{"userIds":["ann"],"durationMs":0}`, `{~}`)
	wantLike(t, ann.wantNotice("stageIdentify"), `{"durationMs":0,"by":"boss"}`)
	ann.refused("stage.identify", `{"userIds":["ann"]}`, 2001)
}

func TestSettingsOverTheWire(t *testing.T) {
	h := openHouse(t)
	boss, ann := h.enter("boss", "host"), h.enter("ann", "podium")
	boss.forget()
	ann.do("meeting.getSettings", "{}", `{"settings":`+defaultSettings+`}`)
	ann.refused("meeting.updateSettings", `{"mode":"open"}`, 2001)
	boss.do("meeting.updateSettings", "{}", `{"settings":`+defaultSettings+`}`)
	boss.wantOnly()
	boss.do("meeting.updateSettings", `{"mode":"fifo","stageLimit":1}`, `{"settings":{"stageEnabled":true,"mode":"fifo","stageLimit":1,~}}`)
	wantLike(t, ann.wantNotice("meetingSettingsUpdate"), `{"settings":{~"mode":"fifo",~},"by":"boss"}`)
	boss.wantOnly("meetingSettingsUpdate")
	ann.do("meeting.getSettings", "{}", `{"settings":{~"mode":"fifo","stageLimit":1,~}}`)

	ann.want("stage.requestAccess", nil)
	ann.want("stage.join", nil)
	boss.do("meeting.updateSettings", `{"stageEnabled":false}`, `{"settings":{"stageEnabled":false,~}}`)
	h.wantCalls("admit hall/ann", "evict hall/ann")
	boss.refused("stage.grantNext", "{}", 2003)
	boss.do("meeting.updateSettings", `{"stageEnabled":true}`, `{"settings":{"stageEnabled":true,~}}`)
}

// One who was rejected is told when to come back, in the wire's way.
func TestRetryAfterOverTheWire(t *testing.T) {
	h := openHouse(t)
	boss, ann := h.enter("boss", "host"), h.enter("ann", "podium")
	boss.do("meeting.updateSettings", `{"rejectionWaitMs":60000}`, `{~}`)
	ann.want("stage.requestAccess", nil)
	boss.want("stage.denyAccess", []string{"ann"})
	f := ann.call("stage.requestAccess", "{}")
	if f.Error == nil || f.Error.Code != 2103 || f.Error.Data.RetryAfterMs < 1 || f.Error.Data.RetryAfterMs > 60000 {
		t.Errorf("answered %+v", f.Error)
	}
}

// Two hosts decide about one request at the same moment: one wins; the other is
// told if it said what it had seen, and else no change is made.
func TestTwoHostsOnOneRequest(t *testing.T) {
	h := openHouse(t)
	hosts := []*seat{h.enter("boss", "host"), h.enter("chair", "host")}
	ann := h.enter("ann", "podium")
	for _, expect := range []string{`,"expect":"REQUESTED_TO_JOIN_STAGE"`, ""} {
		for range 20 {
			ann.want("stage.requestAccess", nil)
			won, told := 0, 0
			for _, f := range both(hosts, "stage.grantAccess", `{"userIds":["ann"]`+expect+`}`) {
				var r stage.TargetResults
				if err := json.Unmarshal(f.Result, &r); err != nil || len(r.Results) != 1 {
					t.Fatalf("answered %+v", f)
				}
				switch one := r.Results[0]; {
				case one.OK && one.Changed:
					won++
				case expect != "" && one.Code == stage.CodeWrongStatus, expect == "" && one.OK:
					told++
				}
			}
			if won != 1 || told != 1 {
				t.Fatalf("expect %q: %d won, %d told", expect, won, told)
			}
			ann.want("stage.cancelRequestAccess", nil)
			ann.forgetAll()
		}
	}
	for _, s := range hosts {
		s.forgetAll()
	}
}

// both has these call the same at once.
func both(seats []*seat, method, params string) (answers []frame) {
	for _, s := range seats {
		s.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":1,"method":%q,"params":%s}`, method, params))
	}
	for _, s := range seats {
		answers = append(answers, s.answer())
	}
	return answers
}
