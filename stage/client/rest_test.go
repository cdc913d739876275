package client_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"podium/stage"
	"podium/stage/client"
)

// Every call of the mirror reaches the meeting and comes back in its own type.
func TestRESTCalls(t *testing.T) {
	hall := openHall()
	defer hall.close()
	podium, leave := hall.enter("podium-1", "Podium 1")
	defer leave()
	host, err := client.NewREST(hall.URL+"/", hall.token("chair", "The chair", "host"))
	if err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	call := func(method stage.Method) {
		t.Helper()
		if err := podium.Call(ctx, method, nil, nil); err != nil {
			t.Fatal(method, err)
		}
	}
	check := func(got string, want string) {
		t.Helper()
		if !strings.HasPrefix(got, want) {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	ms := int64(60_000)
	check(gave(host.GrantNext(ctx, client.GrantTerms{})), "[]")
	call(stage.RequestAccess)
	check(gave(host.ClearRequests(ctx)), "[{UserID:podium-1 OK:true Changed:true")
	call(stage.RequestAccess)
	check(gave(host.Requests(ctx)), "[{DisplayName:Podium 1 UserID:podium-1")
	check(gave(host.GrantNext(ctx, client.GrantTerms{Media: []stage.Media{stage.Audio}, SpeakingTimeMs: &ms})), "[{UserID:podium-1 OK:true Changed:true")
	call(stage.Join)
	check(gave(host.Participants(ctx)), "[{UserID:podium-1 PeerID:peer-")
	check(gave(host.SetPriority(ctx, true)), "{Held:true UserID:chair DisplayName:The chair}")
	check(gave(host.SetPriority(ctx, false)), "{Held:false UserID: DisplayName:}")
	check(gave(host.Identify(ctx, stage.IdentifyParams{UserIDs: []string{"podium-1"}})), "[{UserID:podium-1 OK:true")
	check(gave(host.Settings(ctx)), "{StageEnabled:true Mode:request")
	mode := stage.ModeFIFO
	check(gave(host.UpdateSettings(ctx, stage.SettingsPatch{Mode: &mode})), "{StageEnabled:true Mode:fifo")
	check(gave(host.Record(ctx)), "[{UserID:podium-1 DisplayName:Podium 1")
	var csv bytes.Buffer
	if err := host.RecordCSV(ctx, &csv); err != nil || !strings.Contains(csv.String(), "\r\npodium-1,Podium 1,") {
		t.Errorf("%q, %v", csv.String(), err)
	}
	check(gave(host.Decide(ctx, stage.Kick, stage.Targets{UserIDs: []string{"podium-1"}})), "[{UserID:podium-1 OK:true Changed:true")
	if _, err := host.Decide(ctx, stage.Join, stage.Targets{UserIDs: []string{"podium-1"}}); err == nil || !strings.Contains(err.Error(), "cannot carry stage.join out") {
		t.Errorf("err %v", err)
	}
}

// gave says what a call gave.
func gave(v any, err error) string {
	if err != nil {
		return err.Error()
	}
	return fmt.Sprintf("%+v", v)
}

// What the server says comes back in the type that says what to do about it.
func TestRESTErrors(t *testing.T) {
	answer := func(status int, body string) (*client.REST, func()) {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		}))
		r, err := client.NewREST(s.URL, "a.eyJzdWIiOiJ1IiwibWVldGluZyI6Im0ifQ.c")
		if err != nil {
			t.Fatal(err)
		}
		return r, s.Close
	}
	for _, row := range []struct {
		status int
		body   string
		good   func(error) bool
	}{
		{409, `{"error":{"code":2003,"message":"stage is disabled in this meeting: x"}}`, func(err error) bool {
			return errors.Is(err, &stage.Error{Code: stage.CodeStageDisabled})
		}},
		{429, `{"error":{"code":-32005,"message":"too many calls: wait 40 ms","data":{"retryAfterMs":40}}}`, func(err error) bool {
			var wrong *client.ProtocolError
			return errors.As(err, &wrong) && wrong.RetryAfter == 40*time.Millisecond
		}},
		{401, `{"error":{"message":"token refused: it is old"}}`, func(err error) bool {
			var refused *client.RefusedError
			return errors.As(err, &refused) && refused.Status == 401 && refused.Body == "token refused: it is old"
		}},
		{502, `<html>Bad gateway</html>`, func(err error) bool {
			var refused *client.RefusedError
			return errors.As(err, &refused) && refused.Status == 502
		}},
		{200, `{"results":`, func(err error) bool { return strings.Contains(err.Error(), "cannot read the stage server's answer") }},
	} {
		r, stop := answer(row.status, row.body)
		if _, err := r.ClearRequests(context.Background()); err == nil || !row.good(err) {
			t.Errorf("%d %s gives %#v", row.status, row.body, err)
		}
		stop()
		if _, err := r.Record(context.Background()); !errors.Is(err, client.ErrUnreachable) {
			t.Errorf("nobody there gives %v", err)
		}
	}
}
