package stage_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"podium/stage"
)

func TestJoinAnswer(t *testing.T) {
	h := newHall(t)
	h.join("eve", "viewer")
	h.own(h.join("ann", "podium"), stage.RequestAccess)
	joined, out := h.rules.Join(stage.Peer{PeerID: "p", UserID: "boss", DisplayName: "The Chair", Preset: stage.Presets["host"]}, h.now)
	h.last = out
	wantJSON(t, joined, `{"self":{"userId":"boss","peerId":"p","displayName":"The Chair","preset":"host","status":"OFF_STAGE","onAir":false},`+
		`"participants":[{"userId":"ann","peerId":"ann#2","displayName":"Name of ann","preset":"podium","status":"REQUESTED_TO_JOIN_STAGE","onAir":false},`+
		`{"userId":"boss","peerId":"p","displayName":"The Chair","preset":"host","status":"OFF_STAGE","onAir":false}],`+
		`"viewerCount":1,`+
		`"stageRequests":[{"displayName":"Name of ann","userId":"ann","peerId":"ann#2","requestedAt":"2026-03-01T09:00:00.000Z","position":1}],`+
		`"leaseMs":5000,"settings":{"stageEnabled":true,"mode":"request","stageLimit":0,"queueLimit":0,"requestsClosed":false,`+
		`"media":["audio","video"],"grantExpiryMs":0,"speakingTimeMs":0,"speakingWarningMs":0,"speakingEnd":"warn","rejectionWaitMs":0,"priority":"suspend"}}`)
	h.wantNotices(
		`p stageStatusUpdate {"status":"OFF_STAGE","previous":"OFF_STAGE","reason":"joined"}`,
		`not-boss participantJoined {"participant":{"userId":"boss",...`,
	)
	again, out := h.rules.Rejoin("p", h.now)
	h.last = out
	if !slices.Equal(again.Participants, joined.Participants) || again.StageRequests == nil || again.Self != joined.Self {
		t.Errorf("a repeated join answers %+v", again)
	}
	h.wantNotices(`p stageStatusUpdate {"status":"OFF_STAGE","previous":"OFF_STAGE","reason":"joined"}`)
}

// Only hosts see the queue; a host with nobody waiting sees an empty one.
func TestJoinAnswerQueueIsForHosts(t *testing.T) {
	m := stage.NewMeeting(stage.Options{Lease: lease, Settings: stage.Settings{StageEnabled: true}})
	for name, preset := range stage.Presets {
		joined, _ := m.Join(stage.Peer{PeerID: name, UserID: name, Preset: preset}, start)
		if got := joined.StageRequests != nil; got != preset.AcceptStageRequests {
			t.Errorf("%s sees the queue: %v", name, got)
		}
	}
}

func wantJSON(t *testing.T, v any, want string) {
	t.Helper()
	got, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("got\n  %s\nwant\n  %s", got, want)
	}
}

// A second connection is the same participant: nobody is told of another one.
func TestSecondConnectionIsNobodyNew(t *testing.T) {
	h := newHall(t)
	ann := h.join("ann", "podium")
	h.bring(ann, "ann", stage.Accepted)
	h.join("ann", "podium")
	h.wantNotices(`ann#2 stageStatusUpdate {"status":"ACCEPTED_TO_JOIN_STAGE","previous":"ACCEPTED_TO_JOIN_STAGE","reason":"joined"}`)
	people := h.rules.Participants()
	if len(people) != 1 || people[0].PeerID != "ann#2" {
		t.Errorf("participants are %+v", people)
	}
}

// The unlisted are counted, not named, and the count is told at most once a second.
func TestViewersAreCounted(t *testing.T) {
	h := newHall(t)
	h.join("boss", "host")
	eve := h.join("eve", "viewer")
	h.wantNotices(`eve#2 stageStatusUpdate ...`, `all viewerCountUpdate {"count":1}`)
	h.wait(100 * moment)
	h.join("fay", "viewer")
	h.join("gil", "viewer")
	h.wantNotices(`gil#4 stageStatusUpdate ...`)
	h.wantDeadline(900 * moment)
	h.tick(900*moment - 1)
	h.wantNotices()
	h.tick(1)
	h.wantNotices(`all viewerCountUpdate {"count":3}`)
	h.wantDeadline(0)
	h.leave(eve)
	h.wantNotices()
	h.join("hal", "viewer") // back at the number that was told
	h.wantDeadline(0)
	h.tick(time.Hour)
	h.wantNotices()
	if got := h.rules.Participants(); len(got) != 1 {
		t.Errorf("participants are %+v", got)
	}
}

// One user with two presets: the newest connection's decides what the others see.
func TestListingFollowsTheNewestConnection(t *testing.T) {
	h := newHall(t)
	h.join("boss", "host")
	h.join("ann", "podium")
	seat := h.join("ann", "viewer")
	h.wantNotices(`ann#3 stageStatusUpdate ...`, `not-ann participantLeft ...`, `all viewerCountUpdate {"count":1}`)
	h.wait(time.Second)
	h.lose(seat)
	h.wantNotices(`not-ann participantJoined {"participant":{"userId":"ann","peerId":"ann#2",...`, `all viewerCountUpdate {"count":0}`)
	h.tick(lease)
	h.wantNotices()
	if !h.rules.Has("ann") {
		t.Error("ann is gone, with a connection alive")
	}
}

func TestEmpty(t *testing.T) {
	h := newHall(t)
	if !h.rules.Empty() {
		t.Error("a new meeting is not empty")
	}
	ann := h.join("ann", "podium")
	h.lose(ann)
	if h.rules.Empty() {
		t.Error("empty while ann is expected back")
	}
	h.tick(lease)
	if !h.rules.Empty() {
		t.Error("not empty after the lease")
	}
	h.leave(h.join("ann", "podium"))
	if !h.rules.Empty() {
		t.Error("not empty after the last one left")
	}
}
