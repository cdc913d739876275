package server_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"podium/stage/server"
)

// shortLease is long enough for those who are alive on a busy machine.
const shortLease = 2 * time.Second

// openShort opens a house where silence is soon seen. Its tests wait, so they
// run side by side.
func openShort(t *testing.T) *house {
	t.Helper()
	t.Parallel()
	return openHouseWith(t, server.Config{Lease: shortLease})
}

func headerOf(token string) http.Header { return http.Header{"Authorization": {"Bearer " + token}} }

// bringOnStage has a host put a podium's user on stage.
func bringOnStage(boss, s *seat, user string) {
	boss.t.Helper()
	s.want("stage.requestAccess", nil)
	boss.want("stage.grantAccess", []string{user})
	s.want("stage.join", nil)
}

// One who is on stage and falls silent (no frame, no pong) has the media cut after
// one lease, and loses the status after two.
func TestSilentClientLosesItsStatus(t *testing.T) {
	h := openShort(t)
	boss := h.enter("boss", "host")
	silent := h.upgrade(headerOf(h.token("pat", "panelist")), "podium.stage.v1")
	defer func() { _ = silent.Close() }()
	for _, method := range []string{"meeting.join", "stage.requestAccess", "stage.join"} {
		if err := silent.WriteMessage(websocket.TextMessage, []byte(`{"jsonrpc":"2.0","id":1,"method":"`+method+`"}`)); err != nil {
			t.Fatal(err)
		}
	}
	for _, event := range []string{"participantJoined", "participantStageStatusUpdate", "participantStageStatusUpdate"} {
		boss.wantNotice(event)
	}
	spoke := time.Now()
	eventually(t, "the media are cut", func() bool { return len(h.engine.Calls()) == 2 })
	if took := time.Since(spoke); took > shortLease*3/2 {
		t.Errorf("the media of a silent speaker were cut after %v, the lease is %v", took, shortLease)
	}
	wantLike(t, boss.want("meeting.join", nil), `~"userId":"pat",~"status":"ON_STAGE"~`)
	boss.wantNotice("stageStatusUpdate")
	wantLike(t, boss.wantNotice("participantStageStatusUpdate"), `{"participant":{"userId":"pat",~},"previous":"ON_STAGE","status":"OFF_STAGE","reason":"lease_expired"}`)
	h.wantCalls("admit hall/pat", "evict hall/pat", "evict hall/pat")
	wantLike(t, boss.wantNotice("participantLeft"), `{"participant":{"userId":"pat",~}}`)
	wantLike(t, boss.want("stage.kick", []string{"pat"}), `~"code":2104~`)
}

// One who is alive and says nothing keeps everything: the pongs count.
func TestPongsKeepTheLease(t *testing.T) {
	h := openShort(t)
	boss, ann := h.enter("boss", "host"), h.enter("ann", "podium")
	bringOnStage(boss, ann, "ann")
	ann.forget()
	boss.forget()
	time.Sleep(shortLease * 3 / 2) // of silence in JSON-RPC
	ann.wantOnly()
	boss.wantOnly()
	h.wantCalls("admit hall/ann")
}

// The second connection of the user hears why the first one's turn ended.
func TestLostPublisherIsToldToTheOther(t *testing.T) {
	h := openShort(t)
	boss, ann, tab := h.enter("boss", "host"), h.enter("ann", "podium"), h.enter("ann", "podium")
	bringOnStage(boss, ann, "ann")
	tab.forget()
	ann.cut()
	wantLike(t, tab.wantNotice("stageStatusUpdate"), `{"status":"OFF_STAGE","previous":"ON_STAGE","reason":"lease_expired"}`)
	// The media's lease began with the last frame, the status' a moment later with the loss.
	calls := slices.Compact(h.engine.Calls())
	if !slices.Equal(calls, []string{"admit hall/ann", "evict hall/ann"}) {
		t.Errorf("the engine was called %v", calls)
	}
	tab.want("stage.requestAccess", nil)
}

// Back in time the server's value stands, and nobody was disturbed.
func TestBackWithinTheLease(t *testing.T) {
	h := openHouse(t)
	boss, ann := h.enter("boss", "host"), h.enter("ann", "podium")
	bringOnStage(boss, ann, "ann")
	boss.forget()
	ann.cut()
	eventually(t, "the loss is seen", func() bool { return h.stage.Open() == 1 })
	again := h.dial(h.token("ann", "podium"))
	wantLike(t, again.want("meeting.join", nil), `{"self":{"userId":"ann",~"status":"ON_STAGE",~`)
	wantLike(t, again.wantNotice("stageStatusUpdate"), `{"status":"ON_STAGE","previous":"ON_STAGE","reason":"joined"}`)
	h.wantPlace(again.want("stage.publish", nil), "token-1")
	again.wantOnly()
	boss.wantOnly()
	h.wantCalls("admit hall/ann", "admit hall/ann")
}

// An empty meeting is taken down when the last lease has run out.
func TestMeetingOutlivesTheLease(t *testing.T) {
	h := openShort(t)
	ann := h.enter("ann", "podium")
	ann.cut()
	eventually(t, "the meeting is taken down", func() bool { return h.meetings() == 0 })
}

// A second podium with the same token that comes while the first is away does not get
// its turn, and the first has it when it is back.
func TestATwinWaitsForThePublisher(t *testing.T) {
	h := openHouse(t)
	on := func(device string) *seat {
		header := headerOf(h.token("ann", "podium"))
		header.Set("Podium-Device", device)
		return h.dialWith(header, "podium.stage.v1")
	}
	boss, ann := h.enter("boss", "host"), on("one")
	ann.want("meeting.join", nil)
	bringOnStage(boss, ann, "ann")
	ann.cut()
	eventually(t, "the loss is seen", func() bool { return h.stage.Open() == 1 })
	wantLike(t, on("two").want("meeting.join", nil), `~"publisherPeerId":"peer-~-2"}`)
	wantLike(t, on("one").want("meeting.join", nil), `~"publisherPeerId":"peer-~-4"}`)
	h.wantCalls("admit hall/ann")
}
