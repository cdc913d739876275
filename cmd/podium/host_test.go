package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"

	"podium/stage"
	"podium/stage/client"
	"podium/stage/server"
	"podium/stage/server/servertest"
)

// hostile are names that would break a table, drive a terminal or a page.
var hostile = []string{
	"\x1b[31mred\x1b]0;title\a", "two\nlines\r\tand a tab", "\u202egnp.exe", "<script>alert(1)</script>", "\u200b\u2066hidden\u2069", "a\x00b\x7f\u009b", `"quoted" \ back`,
}

// hall is a stage service with a host's token, for the command.
type hall struct {
	t     *testing.T
	url   string
	stage *server.Server
	ended sync.WaitGroup
	stop  context.CancelFunc
	ctx   context.Context
}

func openHall(t *testing.T) *hall {
	t.Helper()
	s, err := server.New(server.Config{Key: bytes.Repeat([]byte("k"), 32), Engine: &servertest.Engine{}})
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(s.Handler())
	h := &hall{t: t, url: web.URL, stage: s}
	h.ctx, h.stop = context.WithCancel(context.Background())
	t.Cleanup(func() {
		h.stop()
		h.ended.Wait()
		if err := s.Close(context.Background()); err != nil {
			t.Error(err)
		}
		web.Close()
	})
	return h
}

func (h *hall) token(user, name, preset string) string {
	h.t.Helper()
	token, err := server.NewToken(bytes.Repeat([]byte("k"), 32), server.TokenRequest{
		Meeting: "hall", UserID: user, Name: name, Preset: stage.Presets[preset], TTL: time.Hour,
	}, time.Now())
	if err != nil {
		h.t.Fatal(err)
	}
	return token
}

// join lets a podium in, and waits until it has joined.
func (h *hall) join(user, name string) *client.Client {
	h.t.Helper()
	joined := make(chan struct{}, 1)
	token := h.token(user, name, "podium")
	c, err := client.New(client.Config{Server: h.url, Token: func() (string, error) { return token, nil }, Handle: func(r client.Report) {
		if _, ok := r.(client.Connected); ok {
			joined <- struct{}{}
		}
	}})
	if err != nil {
		h.t.Fatal(err)
	}
	h.ended.Add(1)
	go func() { defer h.ended.Done(); _ = c.Run(h.ctx) }()
	<-joined
	return c
}

// host runs "podium host ..." and gives its code and both outputs.
func (h *hall) host(args ...string) (code int, stdout, stderr string) {
	h.t.Helper()
	file := filepath.Join(h.t.TempDir(), "token")
	if err := os.WriteFile(file, []byte(h.token("desk", "Desk", "host")), 0o600); err != nil {
		h.t.Fatal(err)
	}
	var out, errs bytes.Buffer
	args = append(append([]string{"host"}, args...), "--server", h.url, "--token-file", file)
	code = execute(h.t.Context(), args, &out, &errs)
	return code, out.String(), errs.String()
}

// wantShown wants an output that cannot drive a terminal: what is printed is
// what is meant, one line for each name.
func wantShown(t *testing.T, what, text string) {
	t.Helper()
	for _, r := range text {
		if !unicode.IsPrint(r) && r != '\n' {
			t.Errorf("%s prints %U: %q", what, r, text)
			return
		}
	}
}

// Whatever a participant's name and userId are, they arrive as they are with
// --json, and a table shows them as text.
func TestHostileNames(t *testing.T) {
	h := openHall(t)
	for _, name := range hostile {
		if err := h.join(name, name).Call(t.Context(), stage.RequestAccess, nil, nil); err != nil {
			t.Fatal(err)
		}
	}
	for _, list := range []string{"requests", "participants"} {
		code, out, errs := h.host(list)
		if code != exitDone || strings.Count(out, "\n") != len(hostile)+1 {
			t.Errorf("%s exits with %d and %q %q", list, code, out, errs)
		}
		wantShown(t, list, out)
		_, out, _ = h.host(list, "--json")
		var people []struct{ UserID, DisplayName string }
		if err := json.Unmarshal([]byte(out), &people); err != nil || len(people) != len(hostile) {
			t.Fatalf("%s --json: %v %q", list, err, out)
		}
		for _, p := range people {
			if !strings.Contains(strings.Join(hostile, "|"), p.UserID) || p.UserID != p.DisplayName {
				t.Errorf("%s --json has %q, %q", list, p.UserID, p.DisplayName)
			}
		}
	}
	for _, call := range []string{"grant", "identify", "kick", "deny"} {
		code, out, errs := h.host(append([]string{call, "no\x1b[2Jbody"}, hostile...)...)
		if code != exitRefused || strings.Count(out, "\n") != len(hostile)+1 {
			t.Errorf("%s exits with %d and %q %q", call, code, out, errs)
		}
		wantShown(t, call, out+errs)
	}
}

func TestHostileRecord(t *testing.T) {
	h := openHall(t)
	for _, name := range hostile {
		c := h.join(name, name)
		if code, _, errs := h.host("grant", name); code != exitDone {
			t.Fatal(errs)
		}
		if err := c.Call(t.Context(), stage.Join, nil, nil); err != nil {
			t.Fatal(err)
		}
	}
	code, out, errs := h.host("record")
	if code != exitDone || strings.Count(out, "\n") != len(hostile)+1 {
		t.Errorf("exits with %d and %q %q", code, out, errs)
	}
	wantShown(t, "record", out)
}

// Every event is shown as text, known or not.
func TestHostileEvents(t *testing.T) {
	for _, name := range hostile {
		p := stage.Participant{UserID: name, DisplayName: name, Preset: name}
		for event, params := range map[stage.Event]any{
			stage.EventNewRequest:        stage.NewRequest{Request: stage.Request{UserID: name, DisplayName: name}},
			stage.EventAccessRequests:    stage.RequestList{StageRequests: []stage.Request{{UserID: name}}},
			stage.EventParticipantStatus: stage.ParticipantStatus{Participant: p, Reason: stage.Reason(name), By: name},
			stage.EventParticipantJoined: stage.ParticipantUpdate{Participant: p},
			stage.EventParticipantOnAir:  stage.ParticipantUpdate{Participant: p},
			stage.EventPriority:          stage.Priority{Held: true, UserID: name, DisplayName: name},
			stage.EventSettings:          stage.SettingsUpdate{By: name},
			stage.EventViewerCount:       name, // not what it should be
			stage.Event(name):            name,
			"connected":                  stage.Joined{Self: p},
		} {
			var out bytes.Buffer
			if err := (watched{Event: event, Params: encodeParams(params)}).print(&out, false); err != nil || strings.Count(out.String(), "\n") != 1 {
				t.Errorf("%s of %q is %q, %v", event, name, out.String(), err)
			}
			wantShown(t, string(event), out.String())
		}
	}
}

func TestReadSettings(t *testing.T) {
	patch, err := readSettings([]string{"stageEnabled=false", "mode=open", "queueLimit=0", "media=video,audio", "rejectionWait=1m30s", "grantExpiryMs=2000", "speakingEnd=off"})
	got := string(encodeParams(patch))
	if want := `{"stageEnabled":false,"mode":"open","queueLimit":0,"media":["video","audio"],"grantExpiryMs":2000,"speakingEnd":"off","rejectionWaitMs":90000}`; err != nil || got != want {
		t.Errorf("reads %s, %v", got, err)
	}
}

// The document for hosts names every command.
func TestHostDocument(t *testing.T) {
	document, err := os.ReadFile("../../docs/host.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range newHost().Commands() {
		if !strings.Contains(string(document), "`podium host "+c.Name()) {
			t.Errorf("docs/host.md does not name podium host %s", c.Name())
		}
	}
}

// lines gives each line that is written, as it is written.
type lines chan string

func (l lines) Write(p []byte) (int, error) { l <- string(p); return len(p), nil }

// next waits for the line that tells of this event.
func (l lines) next(t *testing.T, event string) {
	t.Helper()
	for limit := time.After(30 * time.Second); ; {
		select {
		case line := <-l:
			var got watched
			if err := json.Unmarshal([]byte(line), &got); err != nil || got.At.IsZero() {
				t.Fatalf("%v: %q", err, line)
			}
			if got.Event == stage.Event(event) {
				return
			}
		case <-limit:
			t.Fatalf("never told of %s", event)
		}
	}
}

// It goes on through a lost connection, ends with the interrupt without an error,
// and ends at once when the token is not taken.
func TestWatch(t *testing.T) {
	h := openHall(t)
	ctx, interrupt := context.WithCancel(t.Context())
	out, ended := make(lines, 100), make(chan error, 1)
	go func() {
		ended <- watch(ctx, hostFlags{server: h.url, json: true}, h.token("desk", "Desk", "host"), out)
	}()
	out.next(t, "connected")
	h.join("ann", "Ann")
	out.next(t, "participantJoined")
	if err := h.stage.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	out.next(t, "disconnected")
	interrupt()
	if err := <-ended; err != nil {
		t.Errorf("an interrupt ends it with %v", err)
	}
	err := watch(t.Context(), hostFlags{server: openHall(t).url}, h.token("desk", "Desk", "host")+"x", out)
	if exitCode(err) != exitRefused {
		t.Errorf("a token that is not taken ends it with %v", err)
	}
}
