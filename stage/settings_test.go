package stage_test

import (
	"encoding/json"
	"strings"
	"testing"

	"podium/stage"
)

func TestSettingsAreToldToEverybodyOnce(t *testing.T) {
	h := newHall(t)
	h.join("boss", "host")
	h.set(stage.SettingsPatch{StageLimit: to(3), Media: &[]stage.Media{stage.Video, stage.Audio}})
	h.wantNotices(`all meetingSettingsUpdate {"settings":{"stageEnabled":true,"mode":"request","stageLimit":3,...`)
	h.set(stage.SettingsPatch{StageLimit: to(3)})
	h.wantNotices() // nothing changed
	h.set(stage.SettingsPatch{})
	h.wantNotices()
	if got := h.rules.Settings(); got.StageLimit != 3 || got.Media[0] != stage.Audio || got.GrantExpiryMs != 0 {
		t.Errorf("settings %+v", got)
	}
}

func TestOnlyHostsChangeSettings(t *testing.T) {
	h := newHall(t)
	for _, preset := range []string{"panelist", "podium", "viewer"} {
		_, _, err := h.rules.UpdateSettings(stage.Actor{UserID: "x", Preset: stage.Presets[preset]}, stage.SettingsPatch{StageLimit: to(1)}, h.now)
		wantCode(t, err, stage.CodePermissionDenied)
	}
	if got := h.rules.Settings().StageLimit; got != 0 {
		t.Errorf("limit %d", got)
	}
}

// A host disables the stage and enables it again.
func TestDisablingTheStageTakesEverybodyOff(t *testing.T) {
	h, peer := seats(t, stage.SettingsPatch{}, "ann", "bob", "cat")
	h.bring(peer["ann"], "ann", onStage)
	h.bring(peer["bob"], "bob", accepted)
	h.bring(peer["cat"], "cat", requested)
	h.set(stage.SettingsPatch{StageEnabled: to(false)})
	h.wantEvicted("ann")
	h.wantNotices(
		`ann stageRemoved {"reason":"stage_disabled","by":"boss"}`, `ann stageStatusUpdate ...`,
		`bob stageRequestRejected {"reason":"stage_disabled"}`, `bob stageStatusUpdate ...`,
		`cat stageRequestRejected {"reason":"stage_disabled"}`, `cat stageStatusUpdate ...`,
		`hosts stageAccessRequestUpdate {"stageRequests":[]}`,
		`all meetingSettingsUpdate ...`, `not-ann participantStageStatusUpdate ...`,
		`not-bob participantStageStatusUpdate ...`, `not-cat participantStageStatusUpdate ...`)
	h.refused(peer["ann"], stage.RequestAccess, stage.CodeStageDisabled)
	h.set(stage.SettingsPatch{StageEnabled: to(true)})
	h.own(peer["ann"], stage.RequestAccess)
}

func TestImpossibleSettings(t *testing.T) {
	for patch, says := range map[string]string{
		`{"mode":"shout"}`:                      `mode is "shout"`,
		`{"mode":""}`:                           `mode is ""`,
		`{"speakingEnd":"kill"}`:                `speakingEnd is "kill"`,
		`{"priority":"all"}`:                    `priority is "all"`,
		`{"stageLimit":-1}`:                     `stageLimit is -1`,
		`{"queueLimit":10001}`:                  `queueLimit is 10001`,
		`{"grantExpiryMs":999}`:                 `grantExpiryMs is 999`,
		`{"grantExpiryMs":3600001}`:             `grantExpiryMs is 3600001`,
		`{"speakingTimeMs":-5}`:                 `speakingTimeMs is -5`,
		`{"speakingWarningMs":1}`:               `speakingWarningMs is 1`,
		`{"rejectionWaitMs":86400001}`:          `rejectionWaitMs is 86400001`,
		`{"media":[]}`:                          `media is empty`,
		`{"media":["audio","screen"]}`:          `media has "screen"`,
		`{"media":["audio","audio"]}`:           `media has "audio" twice`,
		`{"stageLimit":0,"speakingTimeMs":0}`:   ``,
		`{"stageLimit":1,"grantExpiryMs":1000}`: ``,
		`{"media":["video"]}`:                   ``,
		`{}`:                                    ``,
	} {
		var p stage.SettingsPatch
		if err := json.Unmarshal([]byte(patch), &p); err != nil {
			t.Fatal(err)
		}
		err := p.Check()
		if (err == nil) != (says == "") || err != nil && !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want %q", patch, err, says)
		}
	}
}

// The keys that a patch may have are those that the settings have.
func TestSettingsKeys(t *testing.T) {
	data, err := json.Marshal(stage.DefaultSettings())
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]any
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	for _, key := range stage.SettingsKeys {
		if _, ok := all[key]; !ok {
			t.Errorf("%s is no setting", key)
		}
		delete(all, key)
	}
	if len(all) > 0 {
		t.Errorf("%v cannot be patched", all)
	}
	var p stage.SettingsPatch
	if err := json.Unmarshal(data, &p); err != nil || p.Check() != nil {
		t.Errorf("the default settings are no patch: %v, %v", err, p.Check())
	}
}
