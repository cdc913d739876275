package stage_test

import (
	"testing"
	"time"

	"podium/stage"
)

// seats lets in "boss" the host and as many podiums as there are names.
func seats(t *testing.T, p stage.SettingsPatch, users ...string) (*hall, map[string]string) {
	t.Helper()
	h := newHall(t)
	h.join("boss", "host")
	peers := map[string]string{}
	for _, user := range users {
		peers[user] = h.join(user, "podium")
	}
	h.set(p)
	return h, peers
}

func TestAFullStageIsToldToWhoPressed(t *testing.T) {
	h, peer := seats(t, stage.SettingsPatch{StageLimit: to(1)}, "ann", "bob")
	h.bring(peer["ann"], "ann", accepted) // a promised place is a taken one
	h.own(peer["bob"], stage.RequestAccess)
	results := h.tryHost("boss", stage.GrantAccess, "bob")
	if results[0].Code != stage.CodeStageFull {
		t.Errorf("a grant beyond the limit answers %+v", results)
	}
	h.wantStatus("bob", requested)
	h.refused(h.join("pat", "panelist"), stage.RequestAccess, stage.CodeStageFull)
	h.set(stage.SettingsPatch{StageLimit: to(2)})
	h.host("boss", stage.GrantAccess, "bob")
	h.wantStatus("bob", accepted)
}

func TestAcceptAllFillsThePlacesInTheOrderAsked(t *testing.T) {
	h, peer := seats(t, stage.SettingsPatch{StageLimit: to(2)}, "ann", "bob", "cat")
	for _, user := range []string{"cat", "ann", "bob"} {
		h.own(peer[user], stage.RequestAccess)
	}
	results := h.tryHost("boss", stage.GrantAccess, "cat", "ann", "bob")
	if !results[0].OK || !results[1].OK || results[2].Code != stage.CodeStageFull {
		t.Errorf("results %+v", results)
	}
	h.wantQueue("bob")
}

func TestAFullQueueAndClosedRequests(t *testing.T) {
	h, peer := seats(t, stage.SettingsPatch{QueueLimit: to(1)}, "ann", "bob")
	h.own(peer["ann"], stage.RequestAccess)
	h.refused(peer["bob"], stage.RequestAccess, stage.CodeQueueFull)
	h.set(stage.SettingsPatch{QueueLimit: to(0), RequestsClosed: to(true)})
	h.refused(peer["bob"], stage.RequestAccess, stage.CodeQueueFull)
	h.wantQueue("ann") // who waits goes on waiting
	h.own(h.join("pat", "panelist"), stage.RequestAccess)
	h.set(stage.SettingsPatch{RequestsClosed: to(false)})
	h.own(peer["bob"], stage.RequestAccess)
	h.wantQueue("ann", "bob")
}

func TestFIFOAcceptsTheNextWhenAPlaceIsFree(t *testing.T) {
	h, peer := seats(t, stage.SettingsPatch{Mode: to(stage.ModeFIFO), StageLimit: to(1)}, "ann", "bob", "cat")
	h.own(peer["ann"], stage.RequestAccess)
	h.wantNotices(
		`ann stageRequestApproved {"invited":false,"media":["audio","video"]}`,
		`ann stageStatusUpdate {"status":"ACCEPTED_TO_JOIN_STAGE","previous":"OFF_STAGE","reason":"approved"}`,
		`not-ann participantStageStatusUpdate ...`)
	h.own(peer["bob"], stage.RequestAccess)
	h.own(peer["cat"], stage.RequestAccess)
	h.wantQueue("bob", "cat")
	h.own(peer["ann"], stage.Join)
	h.own(peer["ann"], stage.Leave)
	h.wantNotices(
		`ann stageStatusUpdate {"status":"OFF_STAGE","previous":"ON_STAGE","reason":"left"}`,
		`bob stageRequestApproved ...`,
		`bob stageStatusUpdate {"status":"ACCEPTED_TO_JOIN_STAGE","previous":"REQUESTED_TO_JOIN_STAGE","reason":"approved"}`,
		`cat stagePositionUpdate {"position":1}`,
		`hosts stageAccessRequestUpdate {"stageRequests":[{"displayName":"Name of cat",...`,
		`not-ann participantStageStatusUpdate ...`, `not-bob participantStageStatusUpdate ...`)
	h.leave(peer["bob"]) // whatever frees the place
	h.wantStatus("cat", accepted)
}

func TestRaisingTheLimitLetsTheNextIn(t *testing.T) {
	h, peer := seats(t, stage.SettingsPatch{StageLimit: to(1)}, "ann", "bob")
	h.own(peer["ann"], stage.RequestAccess)
	h.own(peer["bob"], stage.RequestAccess)
	h.set(stage.SettingsPatch{Mode: to(stage.ModeFIFO)})
	h.wantQueue("bob")
	h.set(stage.SettingsPatch{StageLimit: to(0)})
	h.wantQueue()
	h.wantStatus("bob", accepted)
}

func TestOpenRefusesWhenFull(t *testing.T) {
	h, peer := seats(t, stage.SettingsPatch{Mode: to(stage.ModeOpen), StageLimit: to(1)}, "ann", "bob")
	h.own(peer["ann"], stage.RequestAccess)
	h.wantStatus("ann", accepted)
	h.refused(peer["bob"], stage.RequestAccess, stage.CodeStageFull)
}

func TestOverrideTakesTheLongestSpeakingPodiumOff(t *testing.T) {
	h, peer := seats(t, stage.SettingsPatch{Mode: to(stage.ModeOverride), StageLimit: to(2)}, "ann", "bob", "cat")
	pat := h.join("pat", "panelist")
	h.own(pat, stage.RequestAccess)
	h.own(pat, stage.Join) // ALLOWED: keeps the place
	h.wait(time.Second)
	h.own(peer["ann"], stage.RequestAccess)
	h.own(peer["ann"], stage.Join)
	h.wait(time.Second)
	h.own(peer["bob"], stage.RequestAccess)
	h.wantEvicted("ann")
	h.wantNotices(
		`ann stageRemoved {"reason":"overridden"}`,
		`ann stageStatusUpdate {"status":"OFF_STAGE","previous":"ON_STAGE","reason":"overridden"}`,
		`bob stageRequestApproved ...`, `bob stageStatusUpdate ...`,
		`not-ann participantStageStatusUpdate ...`, `not-bob participantStageStatusUpdate ...`)
	h.own(peer["cat"], stage.RequestAccess) // nobody speaks yet: a place that is only promised
	h.wantNotices(
		`bob stageRequestRejected {"reason":"overridden"}`, `bob stageStatusUpdate ...`,
		`cat stageRequestApproved ...`, `cat stageStatusUpdate ...`,
		`not-bob participantStageStatusUpdate ...`, `not-cat participantStageStatusUpdate ...`)
	h.wantStatus("pat", onStage)
	h.leave(peer["cat"])
	h.own(h.join("eve", "panelist"), stage.RequestAccess)
	h.refused(peer["ann"], stage.RequestAccess, stage.CodeStageFull) // only panelists are left
}

func TestARejectedOneWaits(t *testing.T) {
	h, peer := seats(t, stage.SettingsPatch{RejectionWaitMs: to[int64](10_000)}, "ann")
	h.own(peer["ann"], stage.RequestAccess)
	h.host("boss", stage.DenyAccess, "ann")
	h.wait(4 * time.Second)
	if err := h.refused(peer["ann"], stage.RequestAccess, stage.CodeTooSoon); err.RetryAfter != 6*time.Second {
		t.Errorf("retry after %v", err.RetryAfter)
	}
	h.leave(peer["ann"]) // leaving and coming back does not help
	ann := h.join("ann", "podium")
	h.refused(ann, stage.RequestAccess, stage.CodeTooSoon)
	h.host("boss", stage.GrantAccess, "ann") // an invitation is another matter
	h.own(ann, stage.Leave)
	h.wait(6 * time.Second)
	h.own(ann, stage.RequestAccess)
}

func TestAShorterWaitFreesThoseWhoWait(t *testing.T) {
	h, peer := seats(t, stage.SettingsPatch{RejectionWaitMs: to[int64](10_000)}, "ann")
	h.own(peer["ann"], stage.RequestAccess)
	h.host("boss", stage.DenyAccess, "ann")
	h.set(stage.SettingsPatch{RejectionWaitMs: to[int64](0)})
	h.own(peer["ann"], stage.RequestAccess)
}

func TestClearingIsNoRejection(t *testing.T) {
	h, peer := seats(t, stage.SettingsPatch{RejectionWaitMs: to[int64](10_000)}, "ann", "bob")
	h.own(peer["bob"], stage.RequestAccess)
	h.own(peer["ann"], stage.RequestAccess)
	results, out, err := h.rules.ClearRequests(stage.Actor{UserID: "boss", Preset: stage.Presets["host"]}, h.now)
	h.last = out
	if err != nil || len(results) != 2 || results[0].UserID != "bob" || !results[0].Changed {
		t.Errorf("results %+v, %v", results, err)
	}
	h.wantNotices(
		`bob stageRequestRejected {"reason":"cleared"}`,
		`bob stageStatusUpdate {"status":"OFF_STAGE","previous":"REQUESTED_TO_JOIN_STAGE","reason":"cleared","by":"boss"}`,
		`ann stageRequestRejected {"reason":"cleared"}`, `ann stageStatusUpdate ...`,
		`hosts stageAccessRequestUpdate {"stageRequests":[]}`,
		`not-bob participantStageStatusUpdate ...`, `not-ann participantStageStatusUpdate ...`)
	h.own(peer["ann"], stage.RequestAccess)
}

func TestNextIsTheFirstOfTheQueue(t *testing.T) {
	h, peer := seats(t, stage.SettingsPatch{}, "ann", "bob")
	boss := stage.Actor{UserID: "boss", Preset: stage.Presets["host"]}
	if results, out, err := h.rules.GrantNext(boss, stage.Targets{}, h.now); err != nil || len(results) != 0 || len(out.Notices) != 0 {
		t.Errorf("next of nobody: %+v, %v", results, err)
	}
	h.own(peer["bob"], stage.RequestAccess)
	h.own(peer["ann"], stage.RequestAccess)
	results, _, err := h.rules.GrantNext(boss, stage.Targets{Media: []stage.Media{stage.Audio}}, h.now)
	if err != nil || len(results) != 1 || results[0].UserID != "bob" {
		t.Errorf("next: %+v, %v", results, err)
	}
	if media := h.rules.GrantedMedia("bob"); len(media) != 1 || media[0] != stage.Audio {
		t.Errorf("granted %v", media)
	}
	h.wantQueue("ann")
}

// Of two hosts who decide about one request in the same moment, the second is told.
func TestExpect(t *testing.T) {
	for _, second := range []stage.Method{stage.GrantAccess, stage.DenyAccess, stage.Kick} {
		h, peer := seats(t, stage.SettingsPatch{}, "ann")
		h.own(peer["ann"], stage.RequestAccess)
		h.host("boss", stage.DenyAccess, "ann")
		results, out, err := h.rules.Host(stage.Actor{UserID: "usher", Preset: stage.Presets["host"]}, second,
			stage.Targets{UserIDs: []string{"ann"}, Expect: requested}, h.now)
		if err != nil || results[0].Code != stage.CodeWrongStatus || len(out.Notices) != 0 {
			t.Errorf("%s after a denial: %+v, %v", second, results, err)
		}
	}
}
