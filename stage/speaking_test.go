package stage_test

import (
	"testing"
	"time"

	"podium/stage"
)

// speaker is on stage with a speaking time of 60 s, warned 10 s before its end.
func speaker(t *testing.T, end stage.TimeEnd) (*hall, string) {
	t.Helper()
	h, peer := seats(t, stage.SettingsPatch{
		SpeakingTimeMs: to[int64](60_000), SpeakingWarningMs: to[int64](10_000), SpeakingEnd: &end,
	}, "ann")
	h.bring(peer["ann"], "ann", onStage)
	return h, peer["ann"]
}

func TestSpeakingTimeThatKeepsWarning(t *testing.T) {
	h, _ := speaker(t, stage.EndWarn)
	h.wantNotices(
		`ann stageStatusUpdate ...`,
		`ann stageTimeUpdate {"phase":"running","limitMs":60000,"remainingMs":60000,"endsAt":"2026-03-01T09:01:00.000Z"}`,
		`not-ann participantStageStatusUpdate ...`)
	h.wantDeadline(50 * time.Second)
	h.tick(50*time.Second - moment)
	h.wantNotices()
	h.tick(moment)
	h.wantNotices(`ann stageTimeUpdate {"phase":"warning","limitMs":60000,"remainingMs":10000,"endsAt":"2026-03-01T09:01:00.000Z"}`)
	h.wantDeadline(10 * time.Second)
	h.tick(10 * time.Second)
	h.wantNotices(`ann stageTimeUpdate {"phase":"over","limitMs":60000,"remainingMs":0,"endsAt":"2026-03-01T09:01:00.000Z"}`)
	h.wantDeadline(0)
	h.wantStatus("ann", onStage)
}

func TestSpeakingTimeThatGoesOff(t *testing.T) {
	h, _ := speaker(t, stage.EndOff)
	h.tick(50 * time.Second)
	h.tick(10 * time.Second)
	h.wantEvicted("ann")
	h.wantNotices(
		`ann stageTimeUpdate {"phase":"over",...`,
		`ann stageRemoved {"reason":"time_over"}`,
		`ann stageStatusUpdate {"status":"OFF_STAGE","previous":"ON_STAGE","reason":"time_over"}`,
		`not-ann participantStageStatusUpdate ...`)
}

func TestASpeakingTimeSetWhileSomebodySpeaks(t *testing.T) {
	h, peer := seats(t, stage.SettingsPatch{SpeakingWarningMs: to[int64](0)}, "ann")
	h.bring(peer["ann"], "ann", onStage)
	h.wait(30 * time.Second)
	h.set(stage.SettingsPatch{SpeakingTimeMs: to[int64](60_000)})
	h.wantNotices(
		`ann stageTimeUpdate {"phase":"running","limitMs":60000,"remainingMs":30000,...`,
		`all meetingSettingsUpdate ...`,
		`not-ann participantUpdate {"participant":{"userId":"ann",...`)
	h.set(stage.SettingsPatch{SpeakingTimeMs: to[int64](0)})
	h.wantNotices(`ann stageTimeUpdate {"phase":"unlimited","limitMs":0,"remainingMs":0}`, `all meetingSettingsUpdate ...`, `not-ann participantUpdate ...`)
	h.wantDeadline(0)
	h.set(stage.SettingsPatch{SpeakingTimeMs: to[int64](20_000), SpeakingEnd: to(stage.EndOff)})
	h.wantStatus("ann", off) // it is over by the new measure
}

func TestTheGrantsOwnSpeakingTime(t *testing.T) {
	h, peer := seats(t, stage.SettingsPatch{SpeakingTimeMs: to[int64](60_000)}, "ann", "bob")
	for user, limit := range map[string]int64{"ann": 0, "bob": 5000} {
		_, _, err := h.rules.Host(stage.Actor{UserID: "boss", Preset: stage.Presets["host"]}, stage.GrantAccess,
			stage.Targets{UserIDs: []string{user}, SpeakingTimeMs: &limit}, h.now)
		if err != nil {
			t.Fatal(err)
		}
		h.own(peer[user], stage.Join)
	}
	if ends := h.turnOf("ann").EndsAt; ends != nil {
		t.Errorf("ann's turn ends at %v", ends)
	}
	if ends := h.turnOf("bob").EndsAt; ends == nil || ends.Sub(h.now) != 5*time.Second {
		t.Errorf("bob's turn ends at %v", ends)
	}
}

// One who comes back is told how much time is left.
func TestTheTimeAfterAReconnection(t *testing.T) {
	h, ann := speaker(t, stage.EndWarn)
	h.wait(20 * time.Second)
	h.lose(ann)
	h.wait(time.Second)
	h.join("ann", "podium")
	h.wantNotices(`ann#3 stageStatusUpdate ...`, `ann#3 stageTimeUpdate {"phase":"running","limitMs":60000,"remainingMs":39000,...`)
}

func TestAnUnansweredGrantExpires(t *testing.T) {
	for _, invited := range []bool{false, true} {
		h, peer := seats(t, stage.SettingsPatch{GrantExpiryMs: to[int64](60_000)}, "ann")
		if !invited {
			h.own(peer["ann"], stage.RequestAccess)
		}
		h.host("boss", stage.GrantAccess, "ann")
		if turn := h.turnOf("ann"); turn.Invited != invited || turn.By != "boss" || turn.ExpiresAt == nil {
			t.Errorf("turn %+v, want invited %v", turn, invited)
		}
		h.wantDeadline(time.Minute)
		h.wait(time.Minute)
		h.refused(peer["ann"], stage.Join, stage.CodeGrantExpired) // before its tick
		h.tick(0)
		h.wantNotices(
			`ann stageRequestRejected {"reason":"expired"}`,
			`ann stageStatusUpdate {"status":"OFF_STAGE","previous":"ACCEPTED_TO_JOIN_STAGE","reason":"expired"}`,
			`not-ann participantStageStatusUpdate ...`)
		h.refused(peer["ann"], stage.Join, stage.CodeWrongStatus)
		h.wantDeadline(0)
	}
}

func TestAJoinedTurnDoesNotExpire(t *testing.T) {
	h, peer := seats(t, stage.SettingsPatch{GrantExpiryMs: to[int64](60_000)}, "ann")
	h.bring(peer["ann"], "ann", onStage)
	h.wantDeadline(0)
	h.tick(time.Hour)
	h.wantStatus("ann", onStage)
}
