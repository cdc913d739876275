package server

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"podium/stage"
	"podium/stage/server/servertest"
)

var fuzzKey = []byte("0123456789abcdef0123456789abcdef")

// fuzzHall is a service with one meeting, "hall", in which pat is on stage, ann
// waits and eve only watches. Nobody is really connected.
type fuzzHall struct {
	t       testing.TB
	server  *Server
	engine  *servertest.Engine
	meeting *meeting
}

func openFuzzHall(t testing.TB) *fuzzHall {
	t.Helper()
	h := &fuzzHall{t: t, engine: &servertest.Engine{}}
	var err error
	if h.server, err = New(Config{Key: fuzzKey, Engine: h.engine, Lease: time.Hour, Origins: []string{"https://friend.example"}}); err != nil {
		t.Fatal(err)
	}
	if h.meeting, err = h.server.enter("hall"); err != nil {
		t.Fatal(err)
	}
	h.seat("pat", "panelist", stage.RequestAccess, stage.Join)
	h.seat("ann", "podium", stage.RequestAccess)
	h.seat("eve", "viewer")
	return h
}

// seat joins the meeting for a user and carries calls out.
func (h *fuzzHall) seat(user, preset string, calls ...stage.Method) {
	h.meeting.settled(func(now time.Time) stage.Outcome {
		_, out := h.meeting.rules.Join(stage.Peer{PeerID: "peer-" + user, UserID: user, DisplayName: user, Preset: stage.Presets[preset]}, now)
		return out
	})
	for _, method := range calls {
		h.meeting.settled(func(now time.Time) stage.Outcome {
			_, out, err := h.meeting.rules.Own("peer-"+user, method, now)
			if err != nil {
				h.t.Fatal(err)
			}
			return out
		})
	}
}

func (h *fuzzHall) close() {
	h.server.leave(h.meeting)
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := h.server.Close(ctx); err != nil {
		h.t.Error(err)
	}
}

// state is all that a caller can change.
func (h *fuzzHall) state() (text string) {
	h.meeting.settled(func(now time.Time) stage.Outcome {
		rules := h.meeting.rules
		boss := stage.Actor{UserID: "boss", Preset: stage.Presets["host"]}
		text = string(encode([]any{rules.Participants(), mustRead(h.t, rules, boss, now), h.engine.Calls()}))
		return stage.Outcome{}
	})
	return text
}

func mustRead(t testing.TB, rules *stage.Meeting, boss stage.Actor, now time.Time) []any {
	var all []any
	for _, method := range []stage.Method{stage.GetAccessRequests, stage.GetSettings} {
		do, bad := hostCalls[method](nil)
		if bad != nil {
			t.Fatal(bad)
		}
		result, _, err := do(rules, boss, now)
		if err != nil { // the stage is disabled: that is told by the settings
			result = err.Error()
		}
		all = append(all, result)
	}
	return all
}

// onStage lists who is ON_STAGE.
func (h *fuzzHall) onStage() map[string]bool {
	on := map[string]bool{}
	h.meeting.settled(func(time.Time) stage.Outcome {
		for _, p := range h.meeting.rules.Participants() {
			on[p.UserID] = p.Status == stage.OnStage
		}
		return stage.Outcome{}
	})
	return on
}

// fuzzToken makes a token of a ready-made preset.
func fuzzToken(t testing.TB, meeting, user, preset string) string {
	t.Helper()
	token, err := NewToken(fuzzKey, TokenRequest{Meeting: meeting, UserID: user, Preset: stage.Presets[preset], TTL: time.Hour}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// wantSaid wants a refusal to say something.
func wantSaid(t *testing.T, what string, w *httptest.ResponseRecorder) {
	t.Helper()
	if w.Code >= 400 && strings.TrimSpace(w.Body.String()) == "" {
		t.Errorf("%q is answered %d without a word", what, w.Code)
	}
}
