package main

import (
	"strings"
	"testing"

	"podium/appliance"
	"podium/stage"
)

// TestStatusForAPerson has a row for each line that the extras of the stage add.
func TestStatusForAPerson(t *testing.T) {
	both := []stage.Media{stage.Audio, stage.Video}
	for _, row := range []struct {
		status appliance.Status
		want   string
	}{
		{appliance.Status{Status: stage.Accepted, Grant: &appliance.Grant{Invited: true, Media: both[:1], RemainingMs: 41_001}},
			"grant  invited, press request within 42 s (audio)"},
		{appliance.Status{Status: stage.Accepted, Grant: &appliance.Grant{Media: both}}, "grant  approved, press request (audio and video)"},
		{appliance.Status{Server: "http://stage.example:8080"}, "to http://stage.example:8080 (no TLS: others on the way can read the token)"},
		{appliance.Status{Server: "https://stage.example:8080"}, "to https://stage.example:8080\n"},
		{appliance.Status{Server: "http://[::1]:8080"}, "to http://[::1]:8080\n"},
		{appliance.Status{Status: stage.OnStage, Grant: &appliance.Grant{Media: both}}, "grant  approved (audio and video)"},
		{appliance.Status{Suspended: true}, "priority  a chair holds it"},
		{appliance.Status{SpeakingTime: &appliance.SpeakingTime{Phase: stage.TimeWarning, LimitMs: 60_000, RemainingMs: 30_000}}, "speaking time  warning (30 s left)"},
		{appliance.Status{SpeakingTime: &appliance.SpeakingTime{Phase: stage.TimeOver, LimitMs: 60_000, RemainingMs: -1500}}, "speaking time  over (2 s over)"},
		{appliance.Status{SpeakingTime: &appliance.SpeakingTime{Phase: stage.TimeUnlimited}}, "speaking time  unlimited\n"},
		{appliance.Status{IdentifyMs: 9000}, "identify  the lamps flash for 9 s more"},
		{appliance.Status{Message: "too soon after a rejection", Refusal: &appliance.Refusal{Code: stage.CodeTooSoon, RetryAfterMs: 12_000}},
			"last answer  too soon after a rejection; press again in 12 s"},
		{appliance.Status{Message: "stage is full", Refusal: &appliance.Refusal{Code: stage.CodeStageFull}}, "last answer  stage is full\n"},
		{appliance.Status{Media: appliance.Media{Tracks: both[:1], Packets: 5, Bytes: 900, Encoder: "opus", BitRate: 64_000}},
			"media  audio: 5 packets, 900 bytes; opus, 64 kbit/s"},
		{appliance.Status{Media: appliance.Media{Tracks: both, Packets: 5, Bytes: 900, Encoder: "x264", Width: 640, Height: 360, FrameRate: 30, BitRate: 1_000_000}},
			"media  audio and video: 5 packets, 900 bytes; x264 640x360, 30 frames/s, 1000 kbit/s"},
	} {
		var out strings.Builder
		if err := printStatus(&out, row.status); err != nil {
			t.Fatal(err)
		}
		text := out.String()
		for strings.Contains(text, "   ") {
			text = strings.ReplaceAll(text, "   ", "  ")
		}
		if !strings.Contains(text, row.want) {
			t.Errorf("got\n%swant %q", text, row.want)
		}
	}
}
