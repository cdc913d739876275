package stage_test

import (
	"testing"
	"time"

	"podium/stage"
)

const moment = time.Millisecond

// wantDeadline wants the next Tick due after d from now; 0: none.
func (h *hall) wantDeadline(d time.Duration) {
	h.t.Helper()
	at, ok := h.rules.Deadline()
	switch {
	case !ok && d != 0:
		h.t.Errorf("nothing waits, want a tick in %v", d)
	case ok && (d == 0 || at.Sub(h.now) != d):
		h.t.Errorf("a tick is due in %v, want %v", at.Sub(h.now), d)
	}
}

// A lost participant keeps every status to the end of the lease, and not longer.
func TestLeaseOfTheLastConnection(t *testing.T) {
	for _, status := range stage.Statuses {
		t.Run(string(status), func(t *testing.T) {
			h := newHall(t)
			h.join("boss", "host")
			ann := h.join("ann", "podium")
			h.bring(ann, "ann", status)
			h.lose(ann)
			h.wantNotices()
			h.wantEvicted()
			h.wantDeadline(lease)
			h.tick(lease - moment)
			h.wantNotices()
			h.wantStatus("ann", status)
			h.tick(moment)
			h.wantStatus("ann", off)
			h.wantDeadline(0)
			if h.rules.Has("ann") {
				t.Error("ann is still in the meeting")
			}
			h.wantQueue()
			h.wantLeaseEnd(status)
		})
	}
}

func (h *hall) wantLeaseEnd(from stage.Status) {
	h.t.Helper()
	left := `not-ann participantLeft {"participant":{"userId":"ann",...`
	if from == off {
		h.wantNotices(left)
		return
	}
	want := []string{`ann stageStatusUpdate {"status":"OFF_STAGE","previous":"` + string(from) + `","reason":"lease_expired"}`}
	if from == requested {
		want = append(want, `hosts stageAccessRequestUpdate {"stageRequests":[]}`)
	}
	h.wantNotices(append(want, `not-ann participantStageStatusUpdate ...`, left)...)
	if from == onStage {
		h.wantEvicted("ann")
	} else {
		h.wantEvicted()
	}
}

// Back in time the server's value stands, and is told.
func TestBackInTime(t *testing.T) {
	for _, status := range stage.Statuses {
		t.Run(string(status), func(t *testing.T) {
			h := newHall(t)
			h.join("boss", "host")
			ann := h.join("ann", "podium")
			h.bring(ann, "ann", status)
			h.lose(ann)
			h.tick(lease - moment)
			h.join("ann", "podium")
			want := []string{`ann#3 stageStatusUpdate {"status":"` + string(status) + `","previous":"` + string(status) + `","reason":"joined"}`}
			if status == requested { // the list carries the new peerId
				want = []string{
					`ann#3 stageStatusUpdate {"status":"REQUESTED_TO_JOIN_STAGE","previous":"REQUESTED_TO_JOIN_STAGE","reason":"joined","position":1,"requestedAt":"2026-03-01T09:00:00.000Z"}`,
					`hosts stageAccessRequestUpdate {"stageRequests":[{"displayName":"Name of ann","userId":"ann","peerId":"ann#3",...`,
				}
			}
			h.wantNotices(want...)
			h.wantDeadline(0)
			h.tick(10 * lease)
			h.wantNotices()
			h.wantStatus("ann", status)
		})
	}
}

// Too late is too late, even when the tick that should have said so is late too.
func TestTooLateWithoutATick(t *testing.T) {
	h := newHall(t)
	h.join("boss", "host")
	ann := h.join("ann", "podium")
	h.bring(ann, "ann", onStage)
	h.lose(ann)
	h.wait(lease)
	h.join("ann", "podium")
	h.wantStatus("ann", off)
	h.wantEvicted("ann")
	h.wantNotices(
		`ann stageStatusUpdate {"status":"OFF_STAGE","previous":"ON_STAGE","reason":"lease_expired"}`,
		`ann#3 stageStatusUpdate {"status":"OFF_STAGE","previous":"OFF_STAGE","reason":"joined"}`,
		`not-ann participantStageStatusUpdate ...`,
		`not-ann participantLeft ...`,
		`not-ann participantJoined {"participant":{"userId":"ann","peerId":"ann#3",...`,
	)
}

// The turn belongs to the connection that publishes: another one that lives
// does not keep it, but keeps the user in the meeting.
func TestPublisherLostWithAnotherAlive(t *testing.T) {
	h := newHall(t)
	h.join("boss", "host")
	ann := h.join("ann", "podium")
	h.join("ann", "podium")
	h.bring(ann, "ann", onStage)
	h.lose(ann)
	h.wantDeadline(lease)
	h.tick(lease)
	h.wantEvicted("ann")
	h.wantNotices(
		`ann stageStatusUpdate {"status":"OFF_STAGE","previous":"ON_STAGE","reason":"lease_expired"}`,
		`not-ann participantStageStatusUpdate ...`,
	)
	h.wantDeadline(0)
	if !h.rules.Has("ann") {
		t.Error("ann is gone, with a connection alive")
	}
}

func TestOtherConnectionLostKeepsTheTurn(t *testing.T) {
	h := newHall(t)
	h.join("boss", "host")
	first := h.join("ann", "podium")
	second := h.join("ann", "podium")
	h.bring(second, "ann", onStage)
	h.lose(first)
	h.wantDeadline(0)
	h.tick(10 * lease)
	h.wantStatus("ann", onStage)
	h.leave(second)
	h.wantStatus("ann", off)
}

// stage.publish brings the turn over to the connection that calls it.
func TestPublishTakesTheTurnOver(t *testing.T) {
	h := newHall(t)
	h.join("boss", "host")
	first := h.join("ann", "podium")
	h.bring(first, "ann", onStage)
	second := h.join("ann", "podium")
	h.lose(first)
	h.wait(lease / 2)
	h.own(second, stage.Publish)
	h.wantNotices()
	h.wantDeadline(0)
	h.tick(10 * lease)
	h.wantStatus("ann", onStage)
}

func TestLeaveOnPurpose(t *testing.T) {
	for _, status := range stage.Statuses {
		t.Run(string(status), func(t *testing.T) {
			h := newHall(t)
			h.join("boss", "host")
			ann := h.join("ann", "podium")
			h.bring(ann, "ann", status)
			h.leave(ann)
			h.wantStatus("ann", off)
			h.wantDeadline(0)
			h.wantQueue()
			left := `not-ann participantLeft {"participant":{"userId":"ann",...`
			switch status {
			case off:
				h.wantNotices(left)
			case requested:
				h.wantNotices(`ann stageStatusUpdate {"status":"OFF_STAGE","previous":"REQUESTED_TO_JOIN_STAGE","reason":"left"}`,
					`hosts stageAccessRequestUpdate {"stageRequests":[]}`, `not-ann participantStageStatusUpdate ...`, left)
			default:
				h.wantNotices(`ann stageStatusUpdate {"status":"OFF_STAGE","previous":"`+string(status)+`","reason":"left"}`,
					`not-ann participantStageStatusUpdate ...`, left)
			}
			h.leave(ann) // again: unknown by now
			h.wantNotices()
		})
	}
}

// Leaving with one of two connections: the status falls only with the one that
// publishes, or with the last.
func TestLeaveWithOneOfTwo(t *testing.T) {
	h := newHall(t)
	h.join("boss", "host")
	first, second := h.join("ann", "podium"), h.join("ann", "podium")
	h.own(first, stage.RequestAccess)
	h.leave(second)
	h.wantStatus("ann", requested)
	h.wantNotices(`hosts stageAccessRequestUpdate {"stageRequests":[{"displayName":"Name of ann","userId":"ann","peerId":"ann#2",...`)
	third := h.join("ann", "podium")
	h.bring(third, "ann", onStage)
	h.leave(third)
	h.wantStatus("ann", off)
	h.wantEvicted("ann")
	if !h.rules.Has("ann") {
		t.Error("ann is gone, with a connection alive")
	}
}

// One connection is lost and may come back; the other leaves on purpose.
func TestLeaveWhileAnotherIsLost(t *testing.T) {
	h := newHall(t)
	h.join("boss", "host")
	first, second := h.join("ann", "podium"), h.join("ann", "podium")
	h.bring(first, "ann", onStage)
	h.lose(first)
	h.wait(lease / 2)
	h.leave(second)
	h.wantStatus("ann", onStage)
	h.wantDeadline(lease / 2)
	h.tick(lease / 2)
	h.wantStatus("ann", off)
	h.wantEvicted("ann")
}

// Two losses: the turn ends with the first lease, the user with the second.
func TestBothLostOneAfterTheOther(t *testing.T) {
	h := newHall(t)
	h.join("boss", "host")
	first, second := h.join("ann", "podium"), h.join("ann", "podium")
	h.bring(first, "ann", onStage)
	h.lose(first)
	h.wait(2 * time.Second)
	h.lose(second)
	h.wantDeadline(lease - 2*time.Second)
	h.tick(lease - 2*time.Second)
	h.wantStatus("ann", off)
	if !h.rules.Has("ann") {
		t.Error("ann is gone before the second lease ended")
	}
	h.tick(2 * time.Second)
	if h.rules.Has("ann") {
		t.Error("ann is still expected")
	}
}
