package service

import (
	"context"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"podium/appliance"
	"podium/stage"
	"podium/stage/client"
)

// deaf is a stage, a publisher and a panel that do nothing.
type deaf struct{}

func (deaf) Go(stage.Method, func(stage.StatusResult, error)) {}
func (deaf) Open(stage.Place, time.Time)                      {}
func (deaf) Renew(time.Time)                                  {}
func (deaf) Close()                                           {}
func (deaf) Media() appliance.Media                           { return appliance.Media{} }
func (deaf) Show(appliance.Lamps)                             {}

// TestTheStagesEventsReachTheLoop has a row for each event that a podium
// understands, and for what it lets pass.
func TestTheStagesEventsReachTheLoop(t *testing.T) {
	for _, row := range []struct {
		event        stage.Event
		params, want string // want: the step in the trace; empty: none
	}{
		{stage.EventStatus, `{"status":"ACCEPTED_TO_JOIN_STAGE","reason":"invited","unknown":1}`, "status ACCEPTED_TO_JOIN_STAGE, invited"},
		{stage.EventRejected, `{"reason":"expired"}`, "turned down, expired"},
		{stage.EventRemoved, `{"reason":"removed","by":"host"}`, "turned down, removed"},
		{stage.EventPosition, `{"position":3}`, "position 3"},
		{stage.EventApproved, `{"invited":true,"media":["audio"]}`, "invited, [audio]"},
		{stage.EventApproved, `{"invited":false,"media":["audio","video"]}`, "approved, [audio video]"},
		{stage.EventSuspended, `{"suspended":true,"by":"host"}`, `suspended: true, by "host"`},
		{stage.EventTime, `{"phase":"warning","limitMs":60000,"remainingMs":30000}`, "speaking time warning, 30s left"},
		{stage.EventIdentify, `{"durationMs":9000,"by":"host"}`, `identify for 9s, by "host"`},
		{stage.EventIdentify, `{"durationMs":9223372036854775807}`, `identify for 30s, by ""`},
		{stage.EventIdentify, `{"durationMs":-1}`, `identify for 0s, by ""`},
		{stage.EventParticipantOnAir, `{"participant":{"userId":"me","status":"ON_STAGE","onAir":true}}`, "the server receives media: true"},
		{stage.EventParticipantOnAir, `{"participant":{"userId":"another","status":"ON_STAGE","onAir":true}}`, ""},
		{stage.EventSettings, `{"settings":{"grantExpiryMs":5000}}`, "settings changed"},
		{stage.EventViewerCount, `{"count":7}`, ""},
		{"ofTomorrow", `{"a":1}`, ""},
		{stage.EventSuspended, `{"suspended":"yes"}`, ""},
		{stage.EventTime, `[]`, ""},
	} {
		synctest.Test(t, func(t *testing.T) {
			p := appliance.New(appliance.Config{Stage: deaf{}, Publisher: deaf{}, Panel: deaf{}})
			ctx, cancel := context.WithCancel(t.Context())
			ended := make(chan error, 1)
			go func() { ended <- p.Run(ctx) }()
			l := &link{podium: p, userID: "me", log: slog.New(slog.DiscardHandler)}
			l.handle(client.Notification{Event: row.event, Params: []byte(row.params)})
			synctest.Wait()
			got := ""
			for _, step := range p.Trace() {
				got += step.Event
			}
			if got != row.want {
				t.Errorf("%s %s: the trace says %q, want %q", row.event, row.params, got, row.want)
			}
			cancel()
			<-ended
		})
	}
}
