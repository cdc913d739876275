package stage_test

import (
	"testing"
	"time"

	"podium/stage"
)

func TestRequestTellsHostsAndOthers(t *testing.T) {
	h := newHall(t)
	h.join("boss", "host")
	ann := h.join("ann", "podium")
	h.wait(1234567 * time.Microsecond)
	h.own(ann, stage.RequestAccess)
	h.wantNotices(
		`ann stageStatusUpdate {"status":"REQUESTED_TO_JOIN_STAGE","previous":"OFF_STAGE","reason":"requested","position":1,"requestedAt":"2026-03-01T09:00:01.234Z"}`,
		`hosts stageAccessRequestUpdate {"stageRequests":[{"displayName":"Name of ann","userId":"ann","peerId":"ann#2","requestedAt":"2026-03-01T09:00:01.234Z","position":1}]}`,
		`hosts newStageRequest {"count":1,"request":{"displayName":"Name of ann","userId":"ann","peerId":"ann#2","requestedAt":"2026-03-01T09:00:01.234Z","position":1}}`,
		`not-ann participantStageStatusUpdate {"participant":{"userId":"ann","peerId":"ann#2","displayName":"Name of ann","preset":"podium","status":"REQUESTED_TO_JOIN_STAGE","onAir":false},"previous":"OFF_STAGE","status":"REQUESTED_TO_JOIN_STAGE"}`,
	)
}

// With ALLOWED one's own request is the status only: nobody decided, so there
// is no stageRequestApproved.
func TestAllowedAcceptsItself(t *testing.T) {
	h := newHall(t)
	h.join("boss", "host")
	h.own(h.join("pat", "panelist"), stage.RequestAccess)
	h.wantNotices(
		`pat stageStatusUpdate {"status":"ACCEPTED_TO_JOIN_STAGE","previous":"OFF_STAGE","reason":"requested"}`,
		`not-pat participantStageStatusUpdate {"participant":{"userId":"pat",...`,
	)
}

// The queue is in request order, whatever the order of joining, and only those
// who moved are told a new place.
func TestQueueKeepsRequestOrder(t *testing.T) {
	h := newHall(t)
	h.join("boss", "host")
	peers := map[string]string{}
	for _, user := range []string{"ann", "bob", "cat", "dan"} {
		peers[user] = h.join(user, "podium")
	}
	for _, user := range []string{"dan", "bob", "ann", "cat"} {
		h.own(peers[user], stage.RequestAccess)
		h.wait(time.Second)
	}
	h.wantQueue("dan", "bob", "ann", "cat")
	h.own(peers["bob"], stage.CancelRequestAccess)
	h.wantQueue("dan", "ann", "cat")
	h.wantNotices(
		`bob stageStatusUpdate {"status":"OFF_STAGE","previous":"REQUESTED_TO_JOIN_STAGE","reason":"cancelled"}`,
		`ann stagePositionUpdate {"position":2}`,
		`cat stagePositionUpdate {"position":3}`,
		`hosts stageAccessRequestUpdate {"stageRequests":[{"displayName":"Name of dan",...`,
		`not-bob participantStageStatusUpdate ...`,
	)
	h.own(peers["bob"], stage.RequestAccess) // again: at the end
	h.wantQueue("dan", "ann", "cat", "bob")
	h.host("boss", stage.DenyAccess, "bob")
	h.wantQueue("dan", "ann", "cat")
	h.wantNotices( // nobody moved
		`bob stageRequestRejected {"reason":"rejected"}`,
		`bob stageStatusUpdate {"status":"OFF_STAGE","previous":"REQUESTED_TO_JOIN_STAGE","reason":"rejected","by":"boss"}`,
		`hosts stageAccessRequestUpdate ...`,
		`not-bob participantStageStatusUpdate ...`,
	)
	h.host("boss", stage.Kick, "dan", "ann", "cat")
	h.wantQueue()
	h.wantNotices(
		`dan stageRemoved {"reason":"removed","by":"boss"}`, `dan stageStatusUpdate ...`,
		`ann stageRemoved {"reason":"removed","by":"boss"}`, `ann stageStatusUpdate ...`,
		`cat stageRemoved {"reason":"removed","by":"boss"}`, `cat stageStatusUpdate ...`,
		`hosts stageAccessRequestUpdate {"stageRequests":[]}`,
		`not-dan participantStageStatusUpdate ...`, `not-ann participantStageStatusUpdate ...`, `not-cat participantStageStatusUpdate ...`,
	)
}

// wantQueue wants these users in the queue, with positions from 1.
func (h *hall) wantQueue(want ...string) {
	h.t.Helper()
	list := h.rules.Requests()
	if len(list) != len(want) {
		h.t.Fatalf("queue is %+v, want %v", list, want)
	}
	for i, r := range list {
		if r.UserID != want[i] || r.Position != i+1 {
			h.t.Errorf("place %d holds %s with position %d, want %s", i+1, r.UserID, r.Position, want[i])
		}
	}
}

// Taking somebody off the stage leaves the queue alone.
func TestKickCutsMedia(t *testing.T) {
	h := newHall(t)
	h.join("boss", "host")
	ann, bob := h.join("ann", "podium"), h.join("bob", "podium")
	h.own(bob, stage.RequestAccess)
	h.bring(ann, "ann", onStage)
	h.last = h.rules.SetOnAir("ann", true, h.now)
	h.wantNotices(`all participantOnAirUpdate {"participant":{"userId":"ann",...`)
	h.last = h.rules.SetOnAir("ann", true, h.now)
	h.wantNotices()
	h.host("boss", stage.Kick, "ann")
	h.wantEvicted("ann")
	h.wantNotices(
		`ann stageRemoved {"reason":"removed","by":"boss"}`,
		`ann stageStatusUpdate {"status":"OFF_STAGE","previous":"ON_STAGE","reason":"removed","by":"boss"}`,
		`not-ann participantStageStatusUpdate {"participant":{"userId":"ann","peerId":"ann#2","displayName":"Name of ann","preset":"podium","status":"OFF_STAGE","onAir":false},"previous":"ON_STAGE","status":"OFF_STAGE"}`,
	)
	h.last = h.rules.SetOnAir("ann", true, h.now) // a late word of the engine
	h.wantNotices()
}
