package service

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"podium/appliance"
	"podium/hw/lamp"
	"podium/stage"
	"podium/stage/client"
)

// suspect is a stage, a publisher and a panel that note what must not happen
// while nobody presses.
type suspect struct {
	deaf
	calls []stage.Method
	opens int
	red   []lamp.Pattern
}

func (s *suspect) Go(method stage.Method, _ func(stage.StatusResult, error)) {
	s.calls = append(s.calls, method)
}
func (s *suspect) Open(stage.Place, time.Time) { s.opens++ }
func (s *suspect) Show(l appliance.Lamps)      { s.red = append(s.red, l.Red) }

// FuzzServer has a server say anything to a podium at which nobody presses: one
// report a line, "connected" with the answer to meeting.join, "disconnected", or an
// event with its parameters. The gate is never opened, the stage never taken, and
// the red lamp is never steady.
func FuzzServer(f *testing.F) {
	f.Add([]byte(`connected {"self":{"userId":"me","status":"OFF_STAGE"},"leaseMs":5000,"settings":{"mode":"open"}}
stageStatusUpdate {"status":"ACCEPTED_TO_JOIN_STAGE","previous":"OFF_STAGE","reason":"invited","by":"boss"}
stageRequestApproved {"invited":false,"media":["audio","video"]}
stageStatusUpdate {"status":"ON_STAGE","previous":"ACCEPTED_TO_JOIN_STAGE","reason":"joined"}
stageSuspended {"suspended":true,"by":"boss"}
stageSuspended {"suspended":false}
stageTimeUpdate {"phase":"over","limitMs":1000,"remainingMs":-9223372036854775808}
participantOnAirUpdate {"participant":{"userId":"me","status":"ON_STAGE","onAir":true}}`))
	f.Add([]byte(`connected {"self":{"userId":"me","status":"ON_STAGE","onAir":true},"leaseMs":600000}
stageIdentify {"durationMs":9223372036854775807}
disconnected
connected {"self":{"userId":"me","status":"ACCEPTED_TO_JOIN_STAGE","turn":{"media":["video"],"invited":false}},"leaseMs":1}
meetingSettingsUpdate {"settings":{"grantExpiryMs":-1}}
stagePositionUpdate {"position":-7}
stageRemoved {"reason":"\u001b[2J"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		synctest.Test(t, func(t *testing.T) {
			s := &suspect{}
			p := appliance.New(appliance.Config{Stage: s, Publisher: s, Panel: s})
			ctx, cancel := context.WithCancel(t.Context())
			ended := make(chan error, 1)
			go func() { ended <- p.Run(ctx) }()
			l := &link{podium: p, userID: "me", log: slog.New(slog.DiscardHandler)}
			lines := bytes.Split(data, []byte("\n"))
			for _, line := range lines[:min(len(lines), 64)] {
				l.handle(reportOf(line))
				synctest.Wait()
			}
			if status := p.Status(); status.Gate.Open || status.OnAir {
				t.Errorf("%q opens the gate: %+v", data, status.Gate)
			}
			if _, err := json.Marshal(p.Status()); err != nil {
				t.Errorf("%q makes a status that cannot be shown: %v", data, err)
			}
			cancel()
			<-ended
			taken := slices.Contains(s.calls, stage.Join) || slices.Contains(s.calls, stage.Publish) || slices.Contains(s.calls, stage.RequestAccess)
			if s.opens > 0 || taken || slices.Contains(s.red, lamp.On) {
				t.Errorf("%q: opened %d times, called %v, red %v", data, s.opens, s.calls, s.red)
			}
		})
	})
}

// reportOf reads one line.
func reportOf(line []byte) client.Report {
	word, params, _ := strings.Cut(string(line), " ")
	switch word {
	case "connected":
		var joined stage.Joined
		if json.Unmarshal([]byte(params), &joined) == nil {
			return client.Connected{Joined: joined}
		}
		return client.Heard{}
	case "disconnected":
		return client.Disconnected{Err: client.ErrNotConnected}
	}
	return client.Notification{Event: stage.Event(word), Params: []byte(params)}
}

// FuzzWatchdog reads what a service manager may put into the environment: the
// podium tells of itself more often than it is waited for, or not at all.
func FuzzWatchdog(f *testing.F) {
	me := strconv.Itoa(os.Getpid())
	for _, usec := range []string{"4000000", "0", "-1", "9223372036854775807", "9223372036854776", "1", "1e6", ""} {
		f.Add(usec, "")
		f.Add(usec, "1")
		f.Add(usec, me)
	}
	f.Fuzz(func(t *testing.T, usec, pid string) {
		every, err := watchdogEvery(usec, pid)
		if every < 0 || err != nil && (every != 0 || !strings.Contains(err.Error(), watchdogUsec)) {
			t.Errorf("%q, %q: every %v, %v", usec, pid, every, err)
		}
		n, bad := strconv.ParseInt(usec, 10, 64)
		if every > 0 && (bad != nil || every > time.Duration(n)*time.Microsecond/2) {
			t.Errorf("told every %v, while the manager waits for %q us", every, usec)
		}
		if pid != "" && pid != me && every > 0 {
			t.Errorf("the watchdog of process %q is answered", pid)
		}
	})
}
