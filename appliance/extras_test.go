package appliance

import (
	"testing"
	"time"

	"podium/hw/lamp"
	"podium/stage"
)

// invited is a podium that a host has invited, for the sound alone.
func invited(t *testing.T) *script {
	c := online(t)
	c.press(ButtonRequest)
	c.refuse(stage.CodeStageFull)
	c.wait(lamp.RefusedLength)
	c.feed(SettingsChanged{stage.Settings{GrantExpiryMs: 60_000}})
	c.feed(Granted{stage.Approved{
		Invited: true, ExpiresAt: &stage.Time{Time: c.now.Add(5 * time.Hour)}, // the server's clock is another
		Media: []stage.Media{stage.Audio},
	}})
	c.status(stage.Accepted, stage.OffStage, stage.ReasonInvited)
	return c
}

func TestAnInvitationSaysHowLongItStands(t *testing.T) {
	c := invited(t)
	c.wait(20 * time.Second)
	v := c.s.View(c.now)
	if v.Message != "" || v.Refusal != nil {
		t.Errorf("an old answer, %q, stands beside the invitation", v.Message)
	}
	g := v.Grant
	if g == nil || !g.Invited || g.RemainingMs != 40_000 || len(g.Media) != 1 || g.Media[0] != stage.Audio {
		t.Fatalf("grant %+v", g)
	}
	c.feed(TurnedDown{Reason: stage.ReasonExpired})
	c.wantLamps(lamp.Off, lamp.Refused)
	c.status(stage.OffStage, stage.Accepted, stage.ReasonExpired)
	if v := c.s.View(c.now); v.Grant != nil || v.Message != "expired" {
		t.Errorf("after its end: %+v", v)
	}
	c.status(stage.Accepted, stage.OffStage, stage.ReasonApproved)
	c.want() // the press is gone with the grant
}

// TestAnInvitationIsNoAnswerToAPress, whatever reason the status gives.
func TestAnInvitationIsNoAnswerToAPress(t *testing.T) {
	c := requested(t)
	c.feed(Granted{stage.Approved{Invited: true}})
	c.status(stage.Accepted, stage.Requested, stage.ReasonApproved)
	c.want()
	c.wantLamps(lamp.Off, lamp.Fast)
}

// TestHowLongAGrantStands has a row for each way to know its end.
func TestHowLongAGrantStands(t *testing.T) {
	end := &stage.Time{Time: start.Add(30 * time.Second)}
	for _, row := range []struct {
		name     string
		end      *stage.Time
		settings int64
		want     int64 // ms
	}{
		{"by the settings", end, 60_000, 60_000},
		{"by the server's clock", end, 0, 30_000},
		{"for ever", nil, 60_000, 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := online(t)
			c.feed(SettingsChanged{stage.Settings{GrantExpiryMs: row.settings}})
			c.feed(Granted{stage.Approved{ExpiresAt: row.end}})
			c.status(stage.Accepted, stage.OffStage, stage.ReasonInvited)
			if g := c.s.View(c.now).Grant; g == nil || g.RemainingMs != row.want {
				t.Errorf("grant %+v, want %d ms", g, row.want)
			}
		})
	}
}

// TestAReconnectKeepsTheGrantsEnd by this podium's clock; one that is new to it
// stands no longer than it would from now.
func TestAReconnectKeepsTheGrantsEnd(t *testing.T) {
	c := invited(t)
	same := c.s.grant.ExpiresAt
	c.wait(20 * time.Second)
	c.feed(Disconnected{Why: "cable"})
	for _, row := range []struct {
		end  *stage.Time
		want int64
	}{{same, 40_000}, {&stage.Time{Time: c.now.Add(time.Hour)}, 60_000}, {&stage.Time{Time: c.now.Add(10 * time.Second)}, 10_000}} {
		c.feed(Connected{Joined: stage.Joined{
			Self:    stage.Participant{PeerID: "p", Status: stage.Accepted, TurnState: &stage.TurnState{Invited: true, ExpiresAt: row.end}},
			LeaseMs: lease.Milliseconds(), Settings: stage.Settings{GrantExpiryMs: 60_000},
		}})
		if g := c.s.View(c.now).Grant; g == nil || g.RemainingMs != row.want {
			t.Errorf("until %v: grant %+v, want %d ms", row.end, g, row.want)
		}
	}
}

// TestRefusals has a row for each code of the extras.
func TestRefusals(t *testing.T) {
	for _, row := range []struct {
		code  stage.Code
		from  func(*testing.T) *script
		after time.Duration
		waits int64 // ms, a second later
		says  string
	}{
		{stage.CodeStageFull, online, 0, 0, "stage is full: x"},
		{stage.CodeQueueFull, online, 0, 0, "queue is full, or requests are closed: x"},
		{stage.CodeTooSoon, online, 30 * time.Second, 29_000, "too soon after a rejection: x"},
		{stage.CodeGrantExpired, invited, 0, 0, "grant expired: x"},
	} {
		t.Run(row.code.String(), func(t *testing.T) {
			c := row.from(t)
			c.press(ButtonRequest)
			c.feed(Answered{ID: c.call.ID, Err: &stage.Error{Code: row.code, Detail: "x", RetryAfter: row.after}})
			c.wantLamps(lamp.Off, lamp.Refused)
			c.wait(time.Second)
			v := c.s.View(c.now)
			if v.Message != row.says || v.Refusal == nil || v.Refusal.Code != row.code || v.Refusal.RetryAfterMs != row.waits {
				t.Errorf("message %q, refusal %+v", v.Message, v.Refusal)
			}
			c.status(stage.Accepted, stage.OffStage, stage.ReasonApproved)
			c.want() // the press is spent
			c.press(ButtonRequest)
			if v := c.s.View(c.now); v.Refusal != nil {
				t.Errorf("the next press still shows %+v", v.Refusal)
			}
		})
	}
}

func TestSpeakingTime(t *testing.T) {
	c := speaking(t)
	for _, row := range []struct {
		phase stage.TimePhase
		left  int64 // ms, as the server says
		red   lamp.Pattern
		later int64 // ms, a second later
	}{
		{stage.TimeRunning, 60_000, lamp.On, 59_000},
		{stage.TimeWarning, 30_000, lamp.Fast, 29_000},
		{stage.TimePaused, 20_000, lamp.On, 20_000},
		{stage.TimeOver, 0, lamp.Fast, -1000},
		{"unheard of", 7000, lamp.On, 6000},
	} {
		c.feed(Timed{stage.TimeUpdate{Phase: row.phase, LimitMs: 60_000, RemainingMs: row.left}})
		c.wantLamps(row.red, lamp.Off)
		c.wait(time.Second)
		if v := c.s.View(c.now).SpeakingTime; v == nil || v.Phase != row.phase || v.RemainingMs != row.later {
			t.Errorf("%s: %+v, want %d ms", row.phase, v, row.later)
		}
	}
	c.feed(Timed{stage.TimeUpdate{Phase: stage.TimeWarning, LimitMs: 60_000, RemainingMs: 1}})
	c.feed(Flowing{On: false})
	c.wantLamps(lamp.Slow, lamp.Off) // that nothing leaves is the graver word
	c.feed(Timed{stage.TimeUpdate{Phase: stage.TimeUnlimited}})
	if v := c.s.View(c.now).SpeakingTime; v.RemainingMs != 0 || v.LimitMs != 0 {
		t.Errorf("without a limit: %+v", v)
	}
}

// TestSpeakingTimeIsOfOneTurn: the next begins without the last one's warning,
// and a twin's warning is not ours.
func TestSpeakingTimeIsOfOneTurn(t *testing.T) {
	c := speaking(t)
	c.feed(Timed{stage.TimeUpdate{Phase: stage.TimeOver, LimitMs: 60_000}})
	c.status(stage.OffStage, stage.OnStage, stage.ReasonTimeOver)
	c.want("close gate")
	c.feed(Timed{stage.TimeUpdate{Phase: stage.TimeOver, LimitMs: 60_000}})
	if v := c.s.View(c.now).SpeakingTime; v != nil {
		t.Errorf("off stage: %+v", v)
	}
	c.press(ButtonRequest)
	c.answer(stage.Accepted)
	c.answer(stage.OnStage)
	c.want("open gate")
	c.feed(Flowing{On: true})
	c.wantLamps(lamp.On, lamp.Off)
}

func TestIdentify(t *testing.T) {
	c := requested(t)
	c.feed(Identify{For: 10 * time.Second})
	c.wantLamps(lamp.Fast, lamp.FastInverse)
	c.wait(9 * time.Second)
	c.wantLamps(lamp.Fast, lamp.FastInverse)
	if at, ok := c.s.Deadline(); !ok || !at.Equal(c.now.Add(time.Second)) || c.s.View(c.now).IdentifyMs != 1000 {
		t.Errorf("due at %v, %t; %+v", at, ok, c.s.View(c.now))
	}
	c.wait(time.Second)
	c.wantLamps(lamp.Off, lamp.Slow)
	c.feed(Identify{For: time.Hour})
	c.wait(identifyMost - time.Millisecond)
	c.wantLamps(lamp.Fast, lamp.FastInverse)
	c.feed(Disconnected{Why: "cable"}) // it ends by this podium's own clock
	c.silence(time.Millisecond)
	c.wantLamps(lamp.Off, lamp.Blip)
	c.feed(Identify{For: time.Second})
	c.feed(Identify{})
	c.wantLamps(lamp.Off, lamp.Blip)
}

// TestIdentifyHidesNoMicrophone and no answer to a press.
func TestIdentifyHidesNoMicrophone(t *testing.T) {
	c := speaking(t)
	c.feed(Identify{For: 10 * time.Second})
	c.wantLamps(lamp.On, lamp.Fast)
	c.feed(Timed{stage.TimeUpdate{Phase: stage.TimeWarning}})
	c.wantLamps(lamp.Fast, lamp.Fast)
	c.feed(Flowing{On: false})
	c.wantLamps(lamp.Fast, lamp.FastInverse)
	c.suspend(true)
	c.wantLamps(lamp.Fast, lamp.FastInverse)
	c.press(ButtonCancel)
	c.answer(stage.OffStage)
	c.status(stage.OffStage, stage.OnStage, stage.ReasonLeft)
	c.press(ButtonRequest)
	c.wantLamps(lamp.Off, lamp.On)
	c.refuse(stage.CodeStageFull)
	c.wantLamps(lamp.Off, lamp.Refused)
	c.wait(lamp.RefusedLength)
	c.wantLamps(lamp.Fast, lamp.FastInverse)
	c.feed(Stop{})
	c.wantLamps(lamp.Off, lamp.Off)
}

// TestYouAreNext comes with the status, or by moving up.
func TestYouAreNext(t *testing.T) {
	c := online(t)
	c.press(ButtonRequest)
	c.answer(stage.Requested)
	c.feed(StatusChanged{stage.StatusUpdate{Status: stage.Requested, Reason: stage.ReasonRequested, Position: 1}})
	c.wantLamps(lamp.Off, lamp.DoubleBlip)
	c = requested(t)
	c.wantLamps(lamp.Off, lamp.Slow)
	c.feed(Moved{Position: 1})
	c.wantLamps(lamp.Off, lamp.DoubleBlip)
	if v := c.s.View(c.now); v.Position != 1 {
		t.Errorf("position %d", v.Position)
	}
}

// TestAConsentIsForOneRequest: away for long, the request that waits may be a
// twin's of the same user.
func TestAConsentIsForOneRequest(t *testing.T) {
	for _, row := range []struct {
		name  string
		asked time.Time
		want  []string
	}{
		{"the same", start, []string{"stage.join"}},
		{"a twin's", start.Add(time.Minute), nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := online(t)
			c.press(ButtonRequest)
			c.answer(stage.Requested)
			c.feed(StatusChanged{stage.StatusUpdate{Status: stage.Requested, Reason: stage.ReasonRequested, RequestedAt: &stage.Time{Time: start}}})
			c.feed(Disconnected{Why: "cable"})
			c.silence(time.Hour)
			c.connect(stage.Requested, "")
			c.feed(StatusChanged{stage.StatusUpdate{Status: stage.Requested, Reason: stage.ReasonJoined, RequestedAt: &stage.Time{Time: row.asked}}})
			c.status(stage.Accepted, stage.Requested, stage.ReasonApproved)
			c.want(row.want...)
		})
	}
}

// TestRefusedMediaIsAFault until it flows: the place is asked for again, but not
// in a hurry.
func TestRefusedMediaIsAFault(t *testing.T) {
	c := speaking(t)
	c.feed(MediaLost{Why: "there is no WHIP endpoint", Refused: true})
	c.wait(lastRetry / 2)
	c.want()
	if v := c.s.View(c.now); len(v.Faults) != 1 || v.Faults[0] != (Fault{PartMedia, "there is no WHIP endpoint"}) {
		t.Errorf("faults %+v", v.Faults)
	}
	c.wait(lastRetry / 2)
	c.want("stage.publish")
	c.answer(stage.OnStage)
	c.feed(Flowing{On: true})
	if v := c.s.View(c.now); len(v.Faults) != 0 {
		t.Errorf("faults %+v though it flows", v.Faults)
	}
}
