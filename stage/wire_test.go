package stage_test

import (
	"encoding/json"
	"testing"
	"time"

	"podium/stage"
)

func TestTimeHasThreeDecimalsInUTC(t *testing.T) {
	east := time.FixedZone("east", 2*60*60)
	for want, at := range map[string]time.Time{
		`"2026-03-01T09:00:00.000Z"`: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC),
		`"2026-03-01T09:00:00.100Z"`: time.Date(2026, 3, 1, 11, 0, 0, 100e6, east),
		`"2026-03-01T09:00:00.123Z"`: time.Date(2026, 3, 1, 9, 0, 0, 123999999, time.UTC),
	} {
		wantJSON(t, stage.Time{Time: at}, want)
		var back stage.Time
		if err := json.Unmarshal([]byte(want), &back); err != nil || !back.Equal(at.Truncate(time.Millisecond)) {
			t.Errorf("%s reads %v, %v", want, back, err)
		}
	}
	for _, bad := range []string{`"yesterday"`, `12`, `null`, `""`, `"2026-03-01"`} {
		if err := json.Unmarshal([]byte(bad), &stage.Time{}); err == nil {
			t.Errorf("%s was taken for a time", bad)
		}
	}
}

func TestNoticesOnTheWire(t *testing.T) {
	at := stage.Time{Time: start}
	wantJSON(t, stage.Approved{Invited: true, ExpiresAt: &at, Media: []stage.Media{stage.Audio}},
		`{"invited":true,"expiresAt":"2026-03-01T09:00:00.000Z","media":["audio"]}`)
	wantJSON(t, stage.StatusResult{Status: stage.OnStage, Publish: &stage.Place{URL: "u", Token: "t", ExpiresAt: at, Media: []stage.Media{stage.Audio, stage.Video}}},
		`{"status":"ON_STAGE","publish":{"url":"u","token":"t","expiresAt":"2026-03-01T09:00:00.000Z","media":["audio","video"]}}`)
	wantJSON(t, stage.TargetResults{Results: []stage.TargetResult{{UserID: "a", OK: true}, {UserID: "b", Code: 2104, Message: "unknown userId"}}},
		`{"results":[{"userId":"a","ok":true},{"userId":"b","ok":false,"code":2104,"message":"unknown userId"}]}`)
}

func TestStatusReadsOnlyTheFour(t *testing.T) {
	for _, s := range []string{"OFF_STAGE", "REQUESTED_TO_JOIN_STAGE", "ACCEPTED_TO_JOIN_STAGE", "ON_STAGE"} {
		var got stage.Status
		if err := json.Unmarshal([]byte(`"`+s+`"`), &got); err != nil || string(got) != s {
			t.Errorf("%s reads %q, %v", s, got, err)
		}
	}
	var s stage.Status
	if json.Unmarshal([]byte(`"REJECTED"`), &s) == nil {
		t.Error("REJECTED was taken for a status")
	}
}

func TestReadyMadePresets(t *testing.T) {
	for name, want := range map[string]stage.Preset{
		"host":     {Name: "host", StageEnabled: true, StageAccess: "ALLOWED", AcceptStageRequests: true, Listed: true},
		"panelist": {Name: "panelist", StageEnabled: true, StageAccess: "ALLOWED", Listed: true},
		"podium":   {Name: "podium", StageEnabled: true, StageAccess: "CAN_REQUEST", Listed: true},
		"viewer":   {Name: "viewer", StageEnabled: true, StageAccess: "NOT_ALLOWED"},
	} {
		var got stage.Preset
		if err := json.Unmarshal([]byte(`"`+name+`"`), &got); err != nil || got != want {
			t.Errorf("%s reads %+v, %v", name, got, err)
		}
	}
}

func TestPresetObject(t *testing.T) {
	for text, want := range map[string]stage.Preset{
		`{"stageAccess":"CAN_REQUEST"}`: {Name: "custom", StageEnabled: true, StageAccess: "CAN_REQUEST", Listed: true},
		`{"name":"usher","stageAccess":"NOT_ALLOWED","acceptStageRequests":true,"listed":false}`: {Name: "usher", StageEnabled: true, StageAccess: "NOT_ALLOWED", AcceptStageRequests: true},
		`{"stageEnabled":false,"stageAccess":"ALLOWED"}`:                                         {Name: "custom", StageAccess: "ALLOWED", Listed: true},
	} {
		var got stage.Preset
		if err := json.Unmarshal([]byte(text), &got); err != nil || got != want {
			t.Errorf("%s reads %+v, %v", text, got, err)
		}
	}
	for _, bad := range []string{
		`"chairman"`, `""`, `null`, `7`, `[]`, `{}`, `{"stageAccess":"allowed"}`, `{"stageAccess":""}`,
		`{"stageAccess":"ALLOWED","admin":true}`, `{"stageAccess":"ALLOWED","listed":"yes"}`,
	} {
		if got := (stage.Preset{}); json.Unmarshal([]byte(bad), &got) == nil || got != (stage.Preset{}) {
			t.Errorf("%s was taken for the preset %+v", bad, got)
		}
	}
}

func FuzzPreset(f *testing.F) {
	f.Add([]byte(`"host"`))
	f.Add([]byte(`{"stageAccess":"CAN_REQUEST","listed":false}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var got stage.Preset
		if json.Unmarshal(data, &got) != nil {
			return
		}
		text, err := json.Marshal(got)
		if err != nil {
			t.Fatal(err)
		}
		var back stage.Preset
		if err := json.Unmarshal(text, &back); err != nil || back != got {
			t.Errorf("%s became %s and reads %+v, %v", data, text, back, err)
		}
	})
}
