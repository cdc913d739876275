package server_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"podium/stage"
)

// wantLike wants got to match the pattern as a whole; ~ stands for any text.
func wantLike(t *testing.T, got, pattern string) {
	t.Helper()
	quoted := strings.ReplaceAll(regexp.QuoteMeta(pattern), "~", ".*")
	if !regexp.MustCompile("^" + quoted + "$").MatchString(got) {
		t.Errorf("got\n  %s\nwant\n  %s", got, pattern)
	}
}

// defaultSettings are those of a new meeting, as they travel.
const defaultSettings = `{"stageEnabled":true,"mode":"request","stageLimit":0,"queueLimit":0,"requestsClosed":false,` +
	`"media":["audio","video"],"grantExpiryMs":60000,"speakingTimeMs":0,"speakingWarningMs":30000,"speakingEnd":"warn",` +
	`"rejectionWaitMs":0,"priority":"suspend"}`

func TestMeetingJoinAnswer(t *testing.T) {
	h := openHouse(t)
	boss := h.dial(h.token("boss", "host"))
	wantLike(t, boss.want("meeting.join", nil), `{"self":{"userId":"boss","peerId":"peer-~-1","displayName":"Name of boss","preset":"host","status":"OFF_STAGE","onAir":false},`+
		`"participants":[{"userId":"boss",~}],"viewerCount":0,"stageRequests":[],"leaseMs":30000,"settings":`+defaultSettings+`}`)
	wantLike(t, boss.wantNotice("stageStatusUpdate"), `{"status":"OFF_STAGE","previous":"OFF_STAGE","reason":"joined"}`)
	ann := h.dial(h.token("ann", "podium"))
	wantLike(t, ann.want("meeting.join", nil), `{"self":{"userId":"ann","peerId":"peer-~-2",~"participants":[{"userId":"ann",~},{"userId":"boss",~}],"viewerCount":0,"leaseMs":30000,"settings":`+defaultSettings+`}`)
	wantLike(t, boss.wantNotice("participantJoined"), `{"participant":{"userId":"ann","peerId":"peer-~-2","displayName":"Name of ann","preset":"podium","status":"OFF_STAGE","onAir":false}}`)
	ann.want("meeting.join", nil)
	ann.wantOnly("stageStatusUpdate", "stageStatusUpdate")
	boss.wantOnly()
	ann.want("meeting.leave", nil)
	ann.refused("stage.requestAccess", "{}", 2005)
	wantLike(t, boss.wantNotice("participantLeft"), `{"participant":{"userId":"ann",~}}`)
	ann.want("meeting.join", nil)
	boss.wantOnly("participantJoined")
}

func TestBeforeJoiningEverythingIs2005(t *testing.T) {
	s := openHouse(t).dial(openHouse(t).token("boss", "host"))
	for _, method := range []string{
		"meeting.leave", "stage.requestAccess", "stage.cancelRequestAccess", "stage.join", "stage.leave", "stage.publish",
		"stage.grantAccess", "stage.denyAccess", "stage.kick", "stage.getAccessRequests",
	} {
		for _, params := range []string{"", "{}", `{"userIds":["x"]}`, `{"userIds":[]}`, `{"more":1}`} {
			s.refused(method, params, 2005)
		}
	}
}

// The whole way of a turn, seen by the podium, the host and one who watches.
func TestStory(t *testing.T) {
	h := openHouse(t)
	boss, ann, eve := h.enter("boss", "host"), h.enter("ann", "podium"), h.enter("pat", "panelist")
	boss.forget()
	ann.forget()

	wantLike(t, ann.want("stage.requestAccess", nil), `{"status":"REQUESTED_TO_JOIN_STAGE"}`)
	wantLike(t, ann.wantNotice("stageStatusUpdate"), `{"status":"REQUESTED_TO_JOIN_STAGE","previous":"OFF_STAGE","reason":"requested","position":1,"requestedAt":"~Z"}`)
	request := `{"displayName":"Name of ann","userId":"ann","peerId":"peer-~-2","requestedAt":"~Z","position":1}`
	wantLike(t, boss.wantNotice("stageAccessRequestUpdate"), `{"stageRequests":[`+request+`]}`)
	wantLike(t, boss.wantNotice("newStageRequest"), `{"count":1,"request":`+request+`}`)
	wantLike(t, boss.wantNotice("participantStageStatusUpdate"), `{"participant":{"userId":"ann",~},"previous":"OFF_STAGE","status":"REQUESTED_TO_JOIN_STAGE","reason":"requested"}`)
	wantLike(t, boss.want("stage.getAccessRequests", nil), `{"stageRequests":[`+request+`]}`)
	wantRequestTime(t, boss.want("stage.getAccessRequests", nil))
	eve.wantOnly("participantStageStatusUpdate")

	wantLike(t, boss.want("stage.grantAccess", []string{"ann"}), `{"results":[{"userId":"ann","ok":true,"changed":true}]}`)
	boss.wantOnly("stageAccessRequestUpdate", "participantStageStatusUpdate")
	wantLike(t, ann.wantNotice("stageRequestApproved"), `{"invited":false,"expiresAt":"~Z","media":["audio","video"]}`)
	wantLike(t, ann.wantNotice("stageStatusUpdate"), `{"status":"ACCEPTED_TO_JOIN_STAGE","previous":"REQUESTED_TO_JOIN_STAGE","reason":"approved","by":"boss"}`)
	ann.wantOnly()
	h.wantCalls()

	h.wantPlace(ann.want("stage.join", nil), "token-1")
	ann.wantOnly("stageStatusUpdate")
	h.wantCalls("admit hall/ann")
	ann.refused("stage.join", "{}", 2006)
	ann.refused("stage.cancelRequestAccess", "{}", 2006)
	h.wantPlace(ann.want("stage.publish", nil), "token-1") // the same turn
	ann.wantOnly()
	h.stage.SetOnAir("hall", "ann", true)
	wantLike(t, ann.wantNotice("participantOnAirUpdate"), `{"participant":{"userId":"ann",~"status":"ON_STAGE","onAir":true,"turn":{"invited":false,"by":"boss","media":["audio","video"],"onStageAt":"~Z"}}}`)

	boss.forget()
	wantLike(t, ann.want("stage.leave", nil), `{"status":"OFF_STAGE"}`)
	h.wantCalls("admit hall/ann", "admit hall/ann", "evict hall/ann")
	ann.wantOnly("stageStatusUpdate")
	wantLike(t, boss.wantNotice("participantStageStatusUpdate"), `{"participant":{"userId":"ann",~"onAir":false},"previous":"ON_STAGE","status":"OFF_STAGE","reason":"left"}`)
}

// wantPlace wants an answer that says where and with what to publish.
func (h *house) wantPlace(result, token string) {
	h.t.Helper()
	var r stage.StatusResult
	if err := json.Unmarshal([]byte(result), &r); err != nil || r.Publish == nil {
		h.t.Fatalf("%s has no publishing place, %v", result, err)
	}
	p := *r.Publish
	left := time.Until(p.ExpiresAt.Time)
	if r.Status != "ON_STAGE" || p.URL != h.web.URL+"/v1/whip/hall" || p.Token != token || fmt.Sprint(p.Media) != "[audio video]" || left <= 0 || left > time.Minute {
		h.t.Errorf("answered %s", result)
	}
}

func wantRequestTime(t *testing.T, list string) {
	t.Helper()
	if !regexp.MustCompile(`"requestedAt":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"`).MatchString(list) {
		t.Errorf("no UTC time with milliseconds in %s", list)
	}
}

// An answer comes before the notices that the call caused on the same connection.
func TestAnswerComesFirst(t *testing.T) {
	h := openHouse(t)
	boss, pat := h.enter("boss", "host"), h.enter("pat", "panelist")
	boss.forget()
	for _, call := range []struct {
		s      *seat
		method string
		params string
	}{
		{pat, "stage.requestAccess", "{}"}, {pat, "stage.join", "{}"}, {pat, "stage.leave", "{}"},
		{pat, "stage.requestAccess", "{}"}, {pat, "stage.cancelRequestAccess", "{}"},
		{boss, "stage.grantAccess", `{"userIds":["boss","pat"]}`}, {boss, "stage.denyAccess", `{"userIds":["boss","pat"]}`},
		{boss, "stage.grantAccess", `{"userIds":["boss"]}`}, {boss, "stage.join", "{}"}, {boss, "stage.kick", `{"userIds":["boss"]}`},
		{pat, "meeting.join", "{}"}, {pat, "meeting.leave", "{}"}, {pat, "meeting.join", "{}"},
	} {
		pat.forget()
		boss.forget()
		if f := call.s.call(call.method, call.params); f.Error != nil {
			t.Fatalf("%s: %+v", call.method, f.Error)
		}
		if len(call.s.early) > 0 {
			t.Errorf("%s: %+v came before the answer", call.method, call.s.early)
		}
		call.s.forget()
	}
}

// A refused admission leaves the status as it was.
func TestEngineThatCannotAdmit(t *testing.T) {
	h := openHouse(t)
	boss, pat := h.enter("boss", "host"), h.enter("pat", "panelist")
	pat.want("stage.requestAccess", nil)
	pat.forget()
	boss.forget()
	h.engine.Refuse(errors.New("no port is free"))
	f := pat.call("stage.join", "{}")
	if f.Error == nil || f.Error.Code != 2000 || !strings.Contains(f.Error.Message, "no port is free") {
		t.Errorf("answered %+v", f)
	}
	pat.wantOnly()
	boss.wantOnly()
	pat.refused("stage.publish", "{}", 2006) // not ON_STAGE
	h.engine.Refuse(nil)
	h.wantPlace(pat.want("stage.join", nil), "token-2") // a number is used up, and none is used twice
	h.wantCalls("admit hall/pat")
}

// A turn ends before anybody hears of it.
func TestKickEvictsBeforeTheNotices(t *testing.T) {
	h := openHouse(t)
	boss, pat, eve := h.enter("boss", "host"), h.enter("pat", "panelist"), h.enter("eve", "podium")
	pat.want("stage.requestAccess", nil)
	pat.want("stage.join", nil)
	pat.forget()
	eve.forget()
	h.engine.OnEvict(func(string, string) {
		for _, s := range []*seat{pat, eve} {
			select {
			case f := <-s.frames:
				t.Errorf("before the eviction came %+v", f)
			case <-time.After(30 * time.Millisecond):
			}
		}
	})
	boss.want("stage.kick", []string{"pat"})
	h.engine.OnEvict(nil)
	h.wantCalls("admit hall/pat", "evict hall/pat")
	wantLike(t, pat.wantNotice("stageRemoved"), `{"reason":"removed","by":"boss"}`)
	wantLike(t, pat.wantNotice("stageStatusUpdate"), `{"status":"OFF_STAGE","previous":"ON_STAGE","reason":"removed","by":"boss"}`)
	eve.wantOnly("participantStageStatusUpdate")
	pat.want("stage.requestAccess", nil)
	h.wantPlace(pat.want("stage.join", nil), "token-2") // another turn
}

// A batch answers for each in the order asked, and goes out as one.
func TestBatchOverTheWire(t *testing.T) {
	h := openHouse(t)
	boss, ann, bob := h.enter("boss", "host"), h.enter("ann", "podium"), h.enter("bob", "podium")
	ann.want("stage.requestAccess", nil)
	bob.want("stage.requestAccess", nil)
	boss.forget()
	got := boss.want("stage.denyAccess", []string{"bob", "ghost", "ann", "bob"})
	wantLike(t, got, `{"results":[{"userId":"bob","ok":true,"changed":true},{"userId":"ghost","ok":false,"code":2104,"message":"unknown userId~"},{"userId":"ann","ok":true,"changed":true}]}`)
	wantLike(t, boss.wantNotice("stageAccessRequestUpdate"), `{"stageRequests":[]}`)
	boss.wantOnly("participantStageStatusUpdate", "participantStageStatusUpdate")
}

// Two connections of one user share the status; each gets the user's notices.
func TestTwoConnectionsOfOneUser(t *testing.T) {
	h := openHouse(t)
	boss := h.enter("boss", "host")
	first, second := h.enter("pat", "panelist"), h.enter("pat", "panelist")
	boss.wantOnly("participantJoined")
	first.want("stage.requestAccess", nil)
	first.wantOnly("stageStatusUpdate")
	second.wantOnly("stageStatusUpdate")
	second.want("stage.join", nil)
	wantLike(t, second.want("meeting.join", nil), `~"publisherPeerId":"peer-~-3"}`)
	first.want("meeting.leave", nil) // not the one that publishes
	h.wantCalls("admit hall/pat")
	second.forget()
	second.want("meeting.leave", nil)
	h.wantCalls("admit hall/pat", "evict hall/pat")
	second.wantOnly("stageStatusUpdate")
}

func TestHostRights(t *testing.T) {
	h := openHouse(t)
	ann, deaf := h.enter("ann", "podium"), h.dial(h.tokenWith("deaf", stage.Preset{StageAccess: stage.Allowed, AcceptStageRequests: true}))
	deaf.want("meeting.join", nil)
	for _, method := range []string{"stage.grantAccess", "stage.denyAccess", "stage.kick"} {
		ann.refused(method, `{"userIds":["ann"]}`, 2001)
		ann.refused(method, `{"userIds":[]}`, -32602) // parameters come before rights
		deaf.refused(method, `{"userIds":["ann"]}`, 2003)
	}
	ann.refused("stage.getAccessRequests", "{}", 2001)
	deaf.refused("stage.getAccessRequests", "{}", 2003)
	deaf.refused("stage.requestAccess", "{}", 2003)
}

func (h *house) tokenWith(user string, preset stage.Preset) string {
	h.t.Helper()
	return sign(h.t, key, claims(map[string]any{"sub": user, "preset": preset}))
}

// Meetings are apart from each other, made on first use and taken down when empty.
func TestMeetingsComeAndGo(t *testing.T) {
	h := openHouse(t)
	if n := h.meetings(); n != 0 {
		t.Errorf("%d meetings at the start", n)
	}
	ann := h.enter("ann", "podium")
	boss := h.dial(h.tokenFor("chapel", "boss", "host"))
	boss.want("meeting.join", nil)
	boss.forget()
	if n := h.meetings(); n != 2 {
		t.Errorf("%d meetings, want 2", n)
	}
	wantLike(t, boss.want("stage.grantAccess", []string{"ann"}), `~"code":2104~`)
	ann.forget()
	ann.want("meeting.leave", nil)
	ann.cut()
	boss.want("meeting.leave", nil)
	boss.cut()
	eventually(t, "both meetings are taken down", func() bool { return h.meetings() == 0 })
	if status, body := h.request(http.MethodGet, "/v1/meetings/hall/requests", h.token("boss", "host"), ""); status != 200 || body != "[]\n" {
		t.Errorf("requests of an empty meeting: %d %s", status, body)
	}
	if n := h.meetings(); n != 0 {
		t.Errorf("looking made a meeting: %d", n)
	}
}
