package stage_test

import (
	"fmt"
	"slices"
	"testing"

	"podium/stage"
)

// hostCells is the contract's table of the host methods, one row per cell; the
// access is the target's.
var hostCells = []struct {
	method stage.Method
	status stage.Status
	access stage.Access
	want   stage.Status
	reason stage.Reason // empty: nothing changes
	code   stage.Code   // 0: ok
	first  stage.Event  // sent to the one concerned before the status; empty: none
}{
	{"stage.grantAccess", off, allowed, accepted, "invited", 0, "stageRequestApproved"},
	{"stage.grantAccess", off, canRequest, accepted, "invited", 0, "stageRequestApproved"},
	{"stage.grantAccess", off, notAllowed, off, "", 2001, ""},
	{"stage.grantAccess", requested, allowed, accepted, "approved", 0, "stageRequestApproved"},
	{"stage.grantAccess", requested, canRequest, accepted, "approved", 0, "stageRequestApproved"},
	{"stage.grantAccess", requested, notAllowed, accepted, "approved", 0, "stageRequestApproved"},
	{"stage.grantAccess", accepted, allowed, accepted, "", 0, ""},
	{"stage.grantAccess", accepted, canRequest, accepted, "", 0, ""},
	{"stage.grantAccess", accepted, notAllowed, accepted, "", 0, ""},
	{"stage.grantAccess", onStage, allowed, onStage, "", 0, ""},
	{"stage.grantAccess", onStage, canRequest, onStage, "", 0, ""},
	{"stage.grantAccess", onStage, notAllowed, onStage, "", 0, ""},
	{"stage.denyAccess", off, allowed, off, "", 0, ""},
	{"stage.denyAccess", off, canRequest, off, "", 0, ""},
	{"stage.denyAccess", off, notAllowed, off, "", 0, ""},
	{"stage.denyAccess", requested, allowed, off, "rejected", 0, "stageRequestRejected"},
	{"stage.denyAccess", requested, canRequest, off, "rejected", 0, "stageRequestRejected"},
	{"stage.denyAccess", requested, notAllowed, off, "rejected", 0, "stageRequestRejected"},
	{"stage.denyAccess", accepted, allowed, off, "revoked", 0, "stageRequestRejected"},
	{"stage.denyAccess", accepted, canRequest, off, "revoked", 0, "stageRequestRejected"},
	{"stage.denyAccess", accepted, notAllowed, off, "revoked", 0, "stageRequestRejected"},
	{"stage.denyAccess", onStage, allowed, onStage, "", 2006, ""},
	{"stage.denyAccess", onStage, canRequest, onStage, "", 2006, ""},
	{"stage.denyAccess", onStage, notAllowed, onStage, "", 2006, ""},
	{"stage.kick", off, allowed, off, "", 0, ""},
	{"stage.kick", off, canRequest, off, "", 0, ""},
	{"stage.kick", off, notAllowed, off, "", 0, ""},
	{"stage.kick", requested, allowed, off, "removed", 0, "stageRemoved"},
	{"stage.kick", requested, canRequest, off, "removed", 0, "stageRemoved"},
	{"stage.kick", requested, notAllowed, off, "removed", 0, "stageRemoved"},
	{"stage.kick", accepted, allowed, off, "removed", 0, "stageRemoved"},
	{"stage.kick", accepted, canRequest, off, "removed", 0, "stageRemoved"},
	{"stage.kick", accepted, notAllowed, off, "removed", 0, "stageRemoved"},
	{"stage.kick", onStage, allowed, off, "removed", 0, "stageRemoved"},
	{"stage.kick", onStage, canRequest, off, "removed", 0, "stageRemoved"},
	{"stage.kick", onStage, notAllowed, off, "removed", 0, "stageRemoved"},
}

func TestHostMethods(t *testing.T) {
	for _, c := range hostCells {
		t.Run(fmt.Sprintf("%s/%s/%s", c.method, c.status, c.access), func(t *testing.T) {
			h := newHall(t)
			h.join("boss", "host")
			h.bring(h.join("ann", "podium"), "ann", c.status)
			h.joinAs("ann", stage.Preset{Name: "row", StageEnabled: true, StageAccess: c.access, Listed: true})
			results := h.tryHost("boss", c.method, "ann")
			h.wantStatus("ann", c.want)
			if len(results) != 1 || results[0].UserID != "ann" || results[0].OK != (c.code == 0) || results[0].Code != c.code {
				t.Fatalf("results are %+v, want code %d", results, c.code)
			}
			if c.want == c.status {
				h.wantNotices()
				return
			}
			h.wantChange("ann", "boss", c.status, c.want, c.reason, c.first)
			h.wantOutcome(c.first, c.reason, c.status == off)
		})
	}
}

// wantOutcome wants what the notice before the status says.
func (h *hall) wantOutcome(event stage.Event, reason stage.Reason, invited bool) {
	h.t.Helper()
	n := h.last.Notices[0]
	var ok bool
	switch p := n.Params.(type) {
	case stage.Approved:
		ok = event == "stageRequestApproved" && p.Invited == invited && slices.Equal(p.Media, []stage.Media{"audio", "video"})
	case stage.Rejected:
		ok = event == "stageRequestRejected" && p.Reason == reason
	case stage.Removed:
		ok = event == "stageRemoved" && p.Reason == reason && p.By == "boss"
	}
	if !ok || n.Event != event {
		h.t.Errorf("first notice is %s %+v", n.Event, n.Params)
	}
}

func TestHostNeedsTheRight(t *testing.T) {
	on, none := stage.Settings{StageEnabled: true}, stage.Settings{}
	for _, c := range []struct {
		name     string
		settings stage.Settings
		preset   stage.Preset
		code     stage.Code
	}{
		{"stage disabled in the meeting", none, stage.Presets["host"], 2003},
		{"stage disabled in the caller's preset", on, stage.Preset{AcceptStageRequests: true, StageAccess: allowed}, 2003},
		{"disabled before denied", none, stage.Presets["viewer"], 2003},
		{"panelist", on, stage.Presets["panelist"], 2001},
		{"podium", on, stage.Presets["podium"], 2001},
		{"viewer", on, stage.Presets["viewer"], 2001},
	} {
		for _, method := range []stage.Method{"stage.grantAccess", "stage.denyAccess", "stage.kick"} {
			t.Run(c.name+"/"+string(method), func(t *testing.T) {
				m := stage.NewMeeting(stage.Options{Lease: lease, Settings: c.settings})
				m.Join(stage.Peer{PeerID: "p", UserID: "ann", Preset: stage.Presets["podium"]}, start)
				results, out, err := m.Host(stage.Actor{UserID: "x", Preset: c.preset}, method, stage.Targets{UserIDs: []string{"ann", "nobody"}}, start)
				wantCode(t, err, c.code)
				if len(results)+len(out.Notices) > 0 || m.Status("ann") != off {
					t.Errorf("a refused call brought %+v %+v", results, out)
				}
			})
		}
	}
}

// The two axes are independent: one who may decide may be kept off the stage.
func TestHostWithoutAccess(t *testing.T) {
	h := newHall(t)
	usher := stage.Preset{Name: "usher", StageEnabled: true, StageAccess: notAllowed, AcceptStageRequests: true}
	peer := h.joinAs("usher", usher)
	h.join("ann", "podium")
	if _, _, err := h.rules.Host(stage.Actor{UserID: "usher", Preset: usher}, stage.GrantAccess, stage.Targets{UserIDs: []string{"ann"}}, h.now); err != nil {
		t.Fatal(err)
	}
	h.wantStatus("ann", accepted)
	_, _, err := h.rules.Own(peer, stage.RequestAccess, h.now)
	wantCode(t, err, 2001)
}

// One call is one step: a duplicate counts once, an unknown user and one whose
// preset has no stage fail alone, and the hosts' list goes out once.
func TestHostBatchIsOneStep(t *testing.T) {
	h := newHall(t)
	h.join("boss", "host")
	for _, user := range []string{"ann", "bob", "cat"} {
		h.own(h.join(user, "podium"), stage.RequestAccess)
	}
	h.joinAs("deaf", stage.Preset{StageAccess: allowed, Listed: true})
	h.join("eve", "viewer")
	got := h.tryHost("boss", stage.GrantAccess, "bob", "ghost", "ann", "bob", "deaf", "eve")
	want := []struct {
		user string
		code stage.Code
	}{{"bob", 0}, {"ghost", 2104}, {"ann", 0}, {"deaf", 2003}, {"eve", 2001}}
	if len(got) != len(want) {
		t.Fatalf("results are %+v", got)
	}
	for i, w := range want {
		if got[i].UserID != w.user || got[i].Code != w.code || got[i].OK != (w.code == 0) || (got[i].Message == "") != got[i].OK {
			t.Errorf("result %d is %+v, want %+v", i, got[i], w)
		}
	}
	h.wantNotices(
		`bob stageRequestApproved {"invited":false,"media":["audio","video"]}`,
		`bob stageStatusUpdate {"status":"ACCEPTED_TO_JOIN_STAGE","previous":"REQUESTED_TO_JOIN_STAGE","reason":"approved","by":"boss"}`,
		`ann stageRequestApproved {"invited":false,"media":["audio","video"]}`,
		`ann stageStatusUpdate {"status":"ACCEPTED_TO_JOIN_STAGE","previous":"REQUESTED_TO_JOIN_STAGE","reason":"approved","by":"boss"}`,
		`cat stagePositionUpdate {"position":1}`,
		`hosts stageAccessRequestUpdate {"stageRequests":[{"displayName":"Name of cat","userId":"cat","peerId":"cat#4","requestedAt":"2026-03-01T09:00:00.000Z","position":1}]}`,
		`not-bob participantStageStatusUpdate {"participant":{"userId":"bob",...`,
		`not-ann participantStageStatusUpdate {"participant":{"userId":"ann",...`,
	)
}

// Equal calls of two hosts have one winner; a grant after another host's deny is
// an invitation, and not the approval of what is gone.
func TestTwoHostsOnOneRequest(t *testing.T) {
	h := newHall(t)
	ann := h.join("ann", "podium")
	h.own(ann, stage.RequestAccess)
	h.host("boss", stage.DenyAccess, "ann")
	h.host("chair", stage.DenyAccess, "ann")
	h.wantNotices()
	h.host("chair", stage.GrantAccess, "ann")
	h.wantChange("ann", "chair", off, accepted, "invited", "stageRequestApproved")
	h.host("boss", stage.GrantAccess, "ann")
	h.wantNotices()
	h.host("boss", stage.DenyAccess, "ann")
	h.wantChange("ann", "boss", accepted, off, "revoked", "stageRequestRejected")
}
