package stage_test

import (
	"errors"
	"fmt"
	"testing"

	"podium/stage"
)

// The contract's words, written out so that the tables below do not lean on the
// code's own.
const (
	off       stage.Status = "OFF_STAGE"
	requested stage.Status = "REQUESTED_TO_JOIN_STAGE"
	accepted  stage.Status = "ACCEPTED_TO_JOIN_STAGE"
	onStage   stage.Status = "ON_STAGE"

	allowed    stage.Access = "ALLOWED"
	canRequest stage.Access = "CAN_REQUEST"
	notAllowed stage.Access = "NOT_ALLOWED"
)

// ownCells is the contract's table of the own methods, one row per cell.
// stage.publish is ours: a new publishing place within the running turn.
var ownCells = []struct {
	method stage.Method
	status stage.Status
	access stage.Access
	want   stage.Status
	reason stage.Reason // empty: nothing changes
	code   stage.Code   // 0: allowed
}{
	{"stage.requestAccess", off, allowed, accepted, "requested", 0},
	{"stage.requestAccess", off, canRequest, requested, "requested", 0},
	{"stage.requestAccess", off, notAllowed, off, "", 2001},
	{"stage.requestAccess", requested, allowed, requested, "", 2006},
	{"stage.requestAccess", requested, canRequest, requested, "", 2006},
	{"stage.requestAccess", requested, notAllowed, requested, "", 2001},
	{"stage.requestAccess", accepted, allowed, accepted, "", 2006},
	{"stage.requestAccess", accepted, canRequest, accepted, "", 2006},
	{"stage.requestAccess", accepted, notAllowed, accepted, "", 2001},
	{"stage.requestAccess", onStage, allowed, onStage, "", 2006},
	{"stage.requestAccess", onStage, canRequest, onStage, "", 2006},
	{"stage.requestAccess", onStage, notAllowed, onStage, "", 2001},
	{"stage.cancelRequestAccess", off, allowed, off, "", 0},
	{"stage.cancelRequestAccess", off, canRequest, off, "", 0},
	{"stage.cancelRequestAccess", off, notAllowed, off, "", 0},
	{"stage.cancelRequestAccess", requested, allowed, off, "cancelled", 0},
	{"stage.cancelRequestAccess", requested, canRequest, off, "cancelled", 0},
	{"stage.cancelRequestAccess", requested, notAllowed, off, "cancelled", 0},
	{"stage.cancelRequestAccess", accepted, allowed, off, "declined", 0},
	{"stage.cancelRequestAccess", accepted, canRequest, off, "declined", 0},
	{"stage.cancelRequestAccess", accepted, notAllowed, off, "declined", 0},
	{"stage.cancelRequestAccess", onStage, allowed, onStage, "", 2006},
	{"stage.cancelRequestAccess", onStage, canRequest, onStage, "", 2006},
	{"stage.cancelRequestAccess", onStage, notAllowed, onStage, "", 2006},
	{"stage.join", off, allowed, off, "", 2006},
	{"stage.join", off, canRequest, off, "", 2006},
	{"stage.join", off, notAllowed, off, "", 2006},
	{"stage.join", requested, allowed, requested, "", 2006},
	{"stage.join", requested, canRequest, requested, "", 2006},
	{"stage.join", requested, notAllowed, requested, "", 2006},
	{"stage.join", accepted, allowed, onStage, "joined", 0},
	{"stage.join", accepted, canRequest, onStage, "joined", 0},
	{"stage.join", accepted, notAllowed, onStage, "joined", 0},
	{"stage.join", onStage, allowed, onStage, "", 2006},
	{"stage.join", onStage, canRequest, onStage, "", 2006},
	{"stage.join", onStage, notAllowed, onStage, "", 2006},
	{"stage.leave", off, allowed, off, "", 2006},
	{"stage.leave", off, canRequest, off, "", 2006},
	{"stage.leave", off, notAllowed, off, "", 2006},
	{"stage.leave", requested, allowed, requested, "", 2006},
	{"stage.leave", requested, canRequest, requested, "", 2006},
	{"stage.leave", requested, notAllowed, requested, "", 2006},
	{"stage.leave", accepted, allowed, off, "declined", 0},
	{"stage.leave", accepted, canRequest, off, "declined", 0},
	{"stage.leave", accepted, notAllowed, off, "declined", 0},
	{"stage.leave", onStage, allowed, off, "left", 0},
	{"stage.leave", onStage, canRequest, off, "left", 0},
	{"stage.leave", onStage, notAllowed, off, "left", 0},
	{"stage.publish", off, allowed, off, "", 2006},
	{"stage.publish", off, canRequest, off, "", 2006},
	{"stage.publish", off, notAllowed, off, "", 2006},
	{"stage.publish", requested, allowed, requested, "", 2006},
	{"stage.publish", requested, canRequest, requested, "", 2006},
	{"stage.publish", requested, notAllowed, requested, "", 2006},
	{"stage.publish", accepted, allowed, accepted, "", 2006},
	{"stage.publish", accepted, canRequest, accepted, "", 2006},
	{"stage.publish", accepted, notAllowed, accepted, "", 2006},
	{"stage.publish", onStage, allowed, onStage, "", 0},
	{"stage.publish", onStage, canRequest, onStage, "", 0},
	{"stage.publish", onStage, notAllowed, onStage, "", 0},
}

// The status is reached through a first connection that may do everything; the
// call comes from a second one, whose access is the row's.
func TestOwnMethods(t *testing.T) {
	for _, c := range ownCells {
		t.Run(fmt.Sprintf("%s/%s/%s", c.method, c.status, c.access), func(t *testing.T) {
			h := newHall(t)
			h.join("boss", "host")
			h.bring(h.join("ann", "podium"), "ann", c.status)
			peer := h.joinAs("ann", stage.Preset{Name: "row", StageEnabled: true, StageAccess: c.access, Listed: true})
			checked := h.rules.Check(peer, c.method, h.now)
			result, out, err := h.rules.Own(peer, c.method, h.now)
			h.last = out
			h.wantStatus("ann", c.want)
			if (checked == nil) != (err == nil) {
				t.Errorf("Check says %v, Own says %v", checked, err)
			}
			if c.code != 0 {
				wantCode(t, err, c.code)
				h.wantNotices()
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if result.Status != c.want {
				t.Errorf("answered %s, want %s", result.Status, c.want)
			}
			h.wantChange("ann", "", c.status, c.want, c.reason, "")
		})
	}
}

// wantChange wants one status change in the last step, told once to the one
// concerned, behind the notice first (if any), and once to all others.
func (h *hall) wantChange(userID, by string, from, to stage.Status, reason stage.Reason, first stage.Event) {
	h.t.Helper()
	var concerned []stage.Event
	told := 0
	for _, n := range h.last.Notices {
		switch params := n.Params.(type) {
		case stage.StatusUpdate:
			want := stage.StatusUpdate{Status: to, Previous: from, Reason: reason, By: by, Position: params.Position, RequestedAt: params.RequestedAt}
			if params != want {
				h.t.Errorf("told %+v, want %+v", params, want)
			}
		case stage.ParticipantStatus:
			told++
			if params.Previous != from || params.Status != to || params.Participant.Status != to || n.To != stage.ToOthers || n.UserID != userID {
				h.t.Errorf("others are told %+v", n)
			}
		}
		if n.To == stage.ToUser && n.UserID == userID {
			concerned = append(concerned, n.Event)
		}
	}
	var want []stage.Event
	if first != "" {
		want = append(want, first)
	}
	if from != to {
		want = append(want, "stageStatusUpdate")
	}
	if fmt.Sprint(concerned) != fmt.Sprint(want) {
		h.t.Errorf("%s is sent %v, want %v", userID, concerned, want)
	}
	if changed := from != to; (told == 1) != changed {
		h.t.Errorf("%d participantStageStatusUpdate, changed %v", told, changed)
	}
	if from == onStage && to != onStage {
		h.wantEvicted(userID)
	} else {
		h.wantEvicted()
	}
}

func wantCode(t *testing.T, err *stage.Error, code stage.Code) {
	t.Helper()
	if err == nil || !errors.Is(err, &stage.Error{Code: code}) {
		t.Errorf("error is %v, want code %d", err, code)
	}
}

// The order is 2005, 2003, 2001, 2006: where several hold, the first is answered.
func TestOwnErrorsOrder(t *testing.T) {
	off := stage.Settings{}
	on := stage.Settings{StageEnabled: true}
	blind := stage.Preset{StageAccess: notAllowed}
	for _, c := range []struct {
		name     string
		settings stage.Settings
		preset   stage.Preset
		joined   bool
		method   stage.Method
		code     stage.Code
	}{
		{"nothing holds", off, blind, false, "stage.requestAccess", 2005},
		{"joined, meeting without a stage", off, stage.Presets["podium"], true, "stage.requestAccess", 2003},
		{"joined, preset without a stage, no access", on, blind, true, "stage.requestAccess", 2003},
		{"joined, preset without a stage, wrong status", on, blind, true, "stage.join", 2003},
		{"no access", on, stage.Presets["viewer"], true, "stage.requestAccess", 2001},
		{"no access, status", on, stage.Presets["viewer"], true, "stage.leave", 2006},
		{"no access, cancel", on, stage.Presets["viewer"], true, "stage.cancelRequestAccess", 0},
		{"status", on, stage.Presets["podium"], true, "stage.join", 2006},
		{"no own method", on, stage.Presets["podium"], true, "stage.kick", 2004},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := stage.NewMeeting(stage.Options{Name: "hall", Lease: lease, Settings: c.settings})
			if c.joined {
				m.Join(stage.Peer{PeerID: "p", UserID: "ann", Preset: c.preset}, start)
			}
			_, out, err := m.Own("p", c.method, start)
			if c.code == 0 {
				if err != nil {
					t.Error(err)
				}
				return
			}
			wantCode(t, err, c.code)
			if len(out.Notices)+len(out.Evict) > 0 {
				t.Errorf("a refused call brought %+v", out)
			}
		})
	}
}

func TestErrorsCarryTheContractsText(t *testing.T) {
	for code, text := range map[stage.Code]string{
		2000: "internal error",
		2001: "permission denied",
		2003: "stage is disabled in this meeting",
		2004: "method not implemented by this engine",
		2005: "not joined to the meeting",
		2006: "not allowed in the current stage status",
		2104: "unknown userId",
		9999: "stage error 9999",
	} {
		if got := (&stage.Error{Code: code}).Error(); got != text {
			t.Errorf("%d reads %q, want %q", code, got, text)
		}
		if got := (&stage.Error{Code: code, Detail: "why"}).Error(); got != text+": why" {
			t.Errorf("%d with a detail reads %q", code, got)
		}
	}
}
