package service

import (
	"context"
	"errors"
	"testing"
	"time"

	"podium/appliance"
	"podium/control"
	"podium/hw/lamp"
	"podium/stage"
	"podium/stage/client"
)

// chaired is a demo that a host drives by REST.
type chaired struct {
	t     *testing.T
	panel *control.Client
	host  *client.REST
}

func newChaired(t *testing.T) *chaired {
	t.Helper()
	panel, state, _ := demo(t)
	s := until(t, panel, "connected", func(s appliance.Status) bool { return s.Connected })
	return &chaired{t, panel, hostOf(t, state, s.Server)}
}

func (c *chaired) press(b appliance.Button) {
	c.t.Helper()
	if err := c.panel.Press(c.t.Context(), control.Press{Button: b}); err != nil {
		c.t.Fatal(err)
	}
}

func (c *chaired) until(what string, is func(appliance.Status) bool) appliance.Status {
	c.t.Helper()
	return until(c.t, c.panel, what, is)
}

func (c *chaired) shows(what string, red, green lamp.Pattern) appliance.Status {
	c.t.Helper()
	return c.until(what, func(s appliance.Status) bool { return s.Lamps == (appliance.Lamps{Red: red, Green: green}) })
}

// ok fails the test when the host was refused.
func (c *chaired) ok(results []stage.TargetResult, err error) {
	c.t.Helper()
	if err != nil || len(results) != 1 || !results[0].OK {
		c.t.Fatalf("%+v, %v", results, err)
	}
}

func (c *chaired) set(p stage.SettingsPatch) {
	c.t.Helper()
	if _, err := c.host.UpdateSettings(c.t.Context(), p); err != nil {
		c.t.Fatal(err)
	}
}

func (c *chaired) priority(held bool) {
	c.t.Helper()
	if _, err := c.host.SetPriority(c.t.Context(), held); err != nil {
		c.t.Fatal(err)
	}
}

func (c *chaired) identify(ms int64) {
	c.t.Helper()
	c.ok(c.host.Identify(c.t.Context(), stage.IdentifyParams{UserIDs: []string{demoPodium}, DurationMs: &ms}))
}

// onAir brings the podium on the air.
func (c *chaired) onAir(media ...stage.Media) appliance.Status {
	c.t.Helper()
	c.press(appliance.ButtonRequest)
	c.until("asked", func(s appliance.Status) bool { return s.Status == stage.Requested })
	c.ok(c.host.Decide(c.t.Context(), stage.GrantAccess, stage.Targets{UserIDs: []string{demoPodium}, Media: media}))
	return c.shows("on air", lamp.On, lamp.Off)
}

func (c *chaired) hears(want bool) {
	c.t.Helper()
	for ctx, cancel := context.WithTimeout(c.t.Context(), 30*time.Second); ; {
		list, err := c.host.Participants(ctx)
		var busy *client.ProtocolError
		if errors.As(err, &busy) && busy.RetryAfter > 0 { // asked more often than is served
			time.Sleep(busy.RetryAfter)
			continue
		}
		if err != nil {
			cancel()
			c.t.Fatalf("the hall never had the podium on air: %t: %v", want, err)
		}
		for _, p := range list {
			if p.UserID == demoPodium && p.OnAir == want {
				cancel()
				return
			}
		}
	}
}

func TestAChairsPriorityOnTheAir(t *testing.T) {
	c := newChaired(t)
	c.onAir()
	c.hears(true)
	c.priority(true)
	s := c.shows("suspended", lamp.Slow, lamp.SlowInverse)
	if s.OnAir || !s.Suspended || s.Status != stage.OnStage || s.Media.Packets != 0 || len(s.Media.Tracks) != 0 {
		t.Errorf("suspended with %+v", s)
	}
	c.hears(false)
	c.priority(false)
	s = c.shows("on air again", lamp.On, lamp.Off)
	if s.Suspended || !s.OnAir || s.Media.Packets == 0 {
		t.Errorf("on air again with %+v", s)
	}
	c.hears(true)
	c.press(appliance.ButtonCancel)
	c.until("off", func(s appliance.Status) bool { return s.Status == stage.OffStage })

	c.priority(true) // who joins now is silent from the start
	c.press(appliance.ButtonRequest)
	c.until("asked", func(s appliance.Status) bool { return s.Status == stage.Requested })
	c.ok(c.host.Decide(t.Context(), stage.GrantAccess, stage.Targets{UserIDs: []string{demoPodium}}))
	c.shows("suspended from the start", lamp.Slow, lamp.SlowInverse)
	c.priority(false)
	c.shows("on air after it", lamp.On, lamp.Off)
}

func TestAGrantOfTheSoundOnTheAir(t *testing.T) {
	c := newChaired(t)
	s := c.onAir(stage.Audio)
	if len(s.Media.Tracks) != 1 || s.Media.Tracks[0] != stage.Audio || s.Media.Width != 0 || s.Media.Packets == 0 {
		t.Errorf("granted the sound, and sent %+v", s.Media)
	}
	if s.Grant == nil || s.Grant.Invited || len(s.Grant.Media) != 1 {
		t.Errorf("grant %+v", s.Grant)
	}
	c.hears(true)
}

func TestSpeakingTimeOnTheAir(t *testing.T) {
	c := newChaired(t)
	limit, warning, end := int64(3000), int64(2000), stage.EndOff
	c.set(stage.SettingsPatch{SpeakingTimeMs: &limit, SpeakingWarningMs: &warning, SpeakingEnd: &end})
	c.onAir()
	s := c.shows("warned", lamp.Fast, lamp.Off)
	if s.SpeakingTime == nil || s.SpeakingTime.Phase != stage.TimeWarning || s.SpeakingTime.RemainingMs > warning || !s.OnAir {
		t.Errorf("warned with %+v", s)
	}
	c.shows("told that it is over", lamp.Off, lamp.Refused)
	s = c.until("off", func(s appliance.Status) bool { return s.Status == stage.OffStage })
	if s.Reason != stage.ReasonTimeOver || s.SpeakingTime != nil {
		t.Errorf("off with %+v", s)
	}
}

func TestIdentifyOnTheDemo(t *testing.T) {
	c := newChaired(t)
	c.identify(20_000)
	if s := c.shows("identified", lamp.Fast, lamp.FastInverse); s.IdentifyMs == 0 || s.IdentifyMs > 20_000 {
		t.Errorf("identify %d ms", s.IdentifyMs)
	}
	c.identify(0)
	c.shows("dark again", lamp.Off, lamp.Off)
	c.onAir()
	c.identify(1000)
	c.shows("identified, and red still steady", lamp.On, lamp.Fast)
	c.shows("ended by itself", lamp.On, lamp.Off)
}

func TestGrantsAndRefusalsOnTheDemo(t *testing.T) {
	c := newChaired(t)
	expiry, wait, closed := int64(1000), int64(60_000), true
	c.set(stage.SettingsPatch{GrantExpiryMs: &expiry, RejectionWaitMs: &wait})
	c.ok(c.host.Decide(t.Context(), stage.GrantAccess, stage.Targets{UserIDs: []string{demoPodium}}))
	if s := c.shows("invited", lamp.Off, lamp.Fast); s.Grant == nil || !s.Grant.Invited || s.Grant.RemainingMs > expiry {
		t.Errorf("invited with %+v", s.Grant)
	}
	if s := c.shows("run out", lamp.Off, lamp.Refused); s.Message != string(stage.ReasonExpired) {
		t.Errorf("run out with %+v", s)
	}
	c.until("off", func(s appliance.Status) bool { return s.Status == stage.OffStage && s.Grant == nil })

	c.press(appliance.ButtonRequest)
	s := c.until("next", func(s appliance.Status) bool { return s.Position == 1 })
	if s.Lamps.Green != lamp.DoubleBlip {
		t.Errorf("next, and green is %s", s.Lamps.Green)
	}
	c.ok(c.host.Decide(t.Context(), stage.DenyAccess, stage.Targets{UserIDs: []string{demoPodium}}))
	c.until("off", func(s appliance.Status) bool { return s.Reason == stage.ReasonRejected })
	c.press(appliance.ButtonRequest)
	refused := func(code stage.Code) appliance.Status {
		return c.until("refused", func(s appliance.Status) bool { return s.Refusal != nil && s.Refusal.Code == code })
	}
	if s := refused(stage.CodeTooSoon); s.Refusal.RetryAfterMs < 50_000 || s.Refusal.RetryAfterMs > wait {
		t.Errorf("too soon with %+v", s.Refusal)
	}
	c.set(stage.SettingsPatch{RequestsClosed: &closed})
	c.press(appliance.ButtonRequest)
	refused(stage.CodeQueueFull)
}
