package stage_test

import (
	"testing"
	"time"

	"podium/stage"
)

func TestPrioritySuspendsAndRestores(t *testing.T) {
	h, peer := seats(t, stage.SettingsPatch{SpeakingTimeMs: to[int64](60_000)}, "ann", "bob")
	h.bring(peer["ann"], "ann", onStage)
	h.rules.SetOnAir("ann", true, h.now)
	h.wait(20 * time.Second)
	h.chair(true)
	h.wantEvicted("ann")
	h.wantNotices(
		`ann stageSuspended {"suspended":true,"by":"boss"}`,
		`ann stageTimeUpdate {"phase":"paused","limitMs":60000,"remainingMs":40000}`,
		`all stagePriorityUpdate {"held":true,"userId":"boss","displayName":"The Chair"}`,
		`not-ann participantUpdate {"participant":{"userId":"ann","peerId":"ann#2","displayName":"Name of ann","preset":"podium",`+
			`"status":"ON_STAGE","onAir":false,"turn":{"invited":true,"by":"boss","media":["audio","video"],"onStageAt":"2026-03-01T09:00:00.000Z","suspended":true}}}`)
	if out := h.rules.SetOnAir("ann", true, h.now); len(out.Notices) != 0 {
		t.Error("a suspended speaker came on air")
	}
	h.wantDeadline(0) // the speaking time rests
	h.wait(time.Hour)
	h.chair(true) // held already
	h.wantNotices()

	h.bring(peer["bob"], "bob", onStage) // who joins meanwhile is suspended from the start
	if !h.turnOf("bob").Suspended {
		t.Error("bob is not suspended")
	}
	h.chair(false)
	h.wantEvicted()
	h.wantNotices(
		`ann stageSuspended {"suspended":false,"by":"boss"}`,
		`ann stageTimeUpdate {"phase":"running","limitMs":60000,"remainingMs":40000,...`,
		`bob stageSuspended {"suspended":false,"by":"boss"}`,
		`bob stageTimeUpdate {"phase":"running","limitMs":60000,"remainingMs":60000,...`,
		`all stagePriorityUpdate {"held":false}`,
		`not-ann participantUpdate ...`, `not-bob participantUpdate ...`)
	h.own(peer["ann"], stage.Publish)
}

func TestPriorityThatRemoves(t *testing.T) {
	h, peer := seats(t, stage.SettingsPatch{Priority: to(stage.PriorityRemove)}, "ann", "bob")
	h.bring(peer["ann"], "ann", onStage)
	h.bring(peer["bob"], "bob", accepted)
	h.chair(true)
	h.wantEvicted("ann")
	h.wantNotices(
		`ann stageRemoved {"reason":"priority","by":"boss"}`,
		`ann stageStatusUpdate {"status":"OFF_STAGE","previous":"ON_STAGE","reason":"priority","by":"boss"}`,
		`all stagePriorityUpdate ...`, `not-ann participantStageStatusUpdate ...`)
	h.wantStatus("bob", accepted)
	h.chair(false)
	h.wantStatus("ann", off)
}

func TestTheChairSpeaksWithPriority(t *testing.T) {
	h := newHall(t)
	boss := h.join("boss", "host")
	h.own(boss, stage.RequestAccess)
	h.own(boss, stage.Join)
	h.chair(true)
	h.wantEvicted()
	if h.turnOf("boss").Suspended {
		t.Error("the chair is suspended by the chair")
	}
}

func TestOneHoldsPriorityAndEveryHostMayEndIt(t *testing.T) {
	h, _ := seats(t, stage.SettingsPatch{}, "ann")
	usher := stage.Actor{UserID: "usher", Preset: stage.Presets["host"]}
	h.chair(true)
	_, _, err := h.rules.SetPriority(usher, true, h.now)
	wantCode(t, err, stage.CodeWrongStatus)
	if p, _, err := h.rules.SetPriority(usher, false, h.now); err != nil || p.Held {
		t.Errorf("priority %+v, %v", p, err)
	}
	_, _, err = h.rules.SetPriority(stage.Actor{UserID: "ann", Preset: stage.Presets["podium"]}, true, h.now)
	wantCode(t, err, stage.CodePermissionDenied)
}

// A chair whose connection is lost keeps the hall silent for one lease at most.
func TestPriorityEndsWithItsHolder(t *testing.T) {
	h := newHall(t)
	boss := h.join("boss", "host")
	ann := h.join("ann", "podium")
	h.bring(ann, "ann", onStage)
	h.chair(true)
	h.lose(boss)
	h.tick(lease)
	if h.turnOf("ann").Suspended {
		t.Error("ann is still suspended")
	}
	if joined, _ := h.rules.Join(stage.Peer{PeerID: "x", UserID: "x", Preset: stage.Presets["viewer"]}, h.now); joined.Priority != nil {
		t.Errorf("priority %+v", joined.Priority)
	}
}

func TestIdentify(t *testing.T) {
	h, _ := seats(t, stage.SettingsPatch{}, "ann")
	boss := stage.Actor{UserID: "boss", Preset: stage.Presets["host"]}
	for _, row := range []struct {
		asked *int64
		told  string
	}{{nil, "30000"}, {to[int64](5000), "5000"}, {to[int64](0), "0"}, {to[int64](99_000), "30000"}, {to[int64](-5), "0"}} {
		results, out, err := h.rules.Identify(boss, stage.IdentifyParams{UserIDs: []string{"ann", "ghost", "ann"}, DurationMs: row.asked}, h.now)
		if err != nil || len(results) != 2 || !results[0].OK || results[1].Code != stage.CodeUnknownUser {
			t.Errorf("results %+v, %v", results, err)
		}
		h.last = out
		h.wantNotices(`ann stageIdentify {"durationMs":` + row.told + `,"by":"boss"}`)
	}
	_, _, err := h.rules.Identify(stage.Actor{UserID: "ann", Preset: stage.Presets["podium"]}, stage.IdentifyParams{}, h.now)
	wantCode(t, err, stage.CodePermissionDenied)
}

// A suspended speaker who comes back before the old connection is missed brings
// the turn over as any other does: it stays silent, and does not end with the
// old connection's lease.
func TestASuspendedTurnIsTakenOver(t *testing.T) {
	h, peer := seats(t, stage.SettingsPatch{}, "ann")
	h.bring(peer["ann"], "ann", onStage)
	h.chair(true)
	second := h.join("ann", "podium")
	result, _, err := h.rules.Own(second, stage.Publish, h.now)
	if err != nil || !result.Suspended {
		t.Fatalf("publish while suspended: %+v, %v", result, err)
	}
	h.lose(peer["ann"])
	h.tick(10 * lease)
	h.wantStatus("ann", onStage)
	if !h.turnOf("ann").Suspended {
		t.Error("ann is heard")
	}
}
