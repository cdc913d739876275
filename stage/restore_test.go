package stage_test

import (
	"encoding/json"
	"testing"
	"time"

	"podium/stage"
)

// store keeps what the steps save, as a store does.
type store struct {
	people map[string]stage.SavedPerson
	saved  stage.Saved
}

func (s *store) keep(d stage.Saved) {
	for _, p := range d.People {
		s.people[p.UserID] = p
	}
	if d.Settings != nil {
		s.saved.Settings = d.Settings
	}
	if d.Priority != nil {
		s.saved.Priority = d.Priority
	}
	s.saved.Waits = append(s.saved.Waits, d.Waits...)
	s.saved.Record = append(s.saved.Record, d.Record...)
}

// restarted gives a hall whose process died with this state and began anew at now.
func (s *store) restarted(t *testing.T, now time.Time) *hall {
	t.Helper()
	all := s.saved
	for _, p := range s.people {
		all.People = append(all.People, p)
	}
	data, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	var read stage.Saved
	if err := json.Unmarshal(data, &read); err != nil {
		t.Fatal(err)
	}
	return &hall{t: t, now: now, rules: stage.Restore(stage.Options{Name: "hall", Lease: lease, Settings: stage.DefaultSettings()}, read, now)}
}

// before is a hall with one of each: ann speaks, bob is let in, eve and cat wait.
func before(t *testing.T) (*hall, *store) {
	t.Helper()
	h, peer := seats(t, stage.SettingsPatch{GrantExpiryMs: to[int64](60_000), SpeakingTimeMs: to[int64](600_000)}, "ann", "bob", "cat", "eve")
	s := &store{people: map[string]stage.SavedPerson{}}
	s.keep(stage.Saved{Settings: to(h.rules.Settings())})
	for _, step := range []struct {
		user string
		to   stage.Status
	}{{"ann", onStage}, {"bob", accepted}, {"eve", requested}, {"cat", requested}} {
		if step.to != requested {
			h.host("boss", stage.GrantAccess, step.user)
			s.keep(h.last.Saved)
		}
		switch step.to {
		case onStage:
			h.own(peer[step.user], stage.Join)
		case requested:
			h.own(peer[step.user], stage.RequestAccess)
		}
		s.keep(h.last.Saved)
		h.wait(time.Second)
	}
	return h, s
}

func TestARestartKeepsStatusesAndTheQueue(t *testing.T) {
	old, s := before(t)
	h := s.restarted(t, old.now.Add(3*time.Second))
	for user, want := range map[string]stage.Status{"ann": onStage, "bob": accepted, "cat": requested, "eve": requested} {
		h.wantStatus(user, want)
	}
	h.wantQueue("eve", "cat")
	if was, is := old.rules.Requests(), h.rules.Requests(); !was[0].RequestedAt.Equal(is[0].RequestedAt.Time) {
		t.Errorf("asked at %v, was %v", is[0].RequestedAt, was[0].RequestedAt)
	}
	if got := h.rules.Settings(); got.SpeakingTimeMs != 600_000 {
		t.Errorf("settings %+v", got)
	}
	h.tick(lease - moment)
	h.wantNotices()
	ann := h.join("ann", "podium")
	h.wantNotices(`ann#1 stageStatusUpdate {"status":"ON_STAGE","previous":"ON_STAGE","reason":"joined"}`,
		`ann#1 stageTimeUpdate {"phase":"running","limitMs":600000,"remainingMs":588001,...`)
	h.tick(moment) // who did not come back is gone
	h.wantStatus("ann", onStage)
	h.wantStatus("bob", off)
	h.wantQueue()
	h.own(ann, stage.Publish)
	h.own(ann, stage.Leave)
	if entries := h.last.Saved.Record; len(entries) != 1 || entries[0].LetInBy != "boss" || !entries[0].OnStageAt.Equal(start) || entries[0].How != stage.HowInvited {
		t.Errorf("record %+v", entries)
	}
}

func TestARestartWithAnotherClock(t *testing.T) {
	old, s := before(t)
	for _, jump := range []time.Duration{-365 * 24 * time.Hour, 365 * 24 * time.Hour} {
		h := s.restarted(t, old.now.Add(jump))
		h.wantQueue("eve", "cat")
		for _, r := range h.rules.Requests() {
			if r.RequestedAt.After(h.now) {
				t.Errorf("after %v: asks from the future %v", jump, r.RequestedAt)
			}
		}
		h.join("ann", "podium")
		h.join("bob", "podium")
		h.tick(time.Hour) // a grant does not outlive the longest expiry
		h.wantStatus("bob", off)
		h.wantStatus("ann", onStage)
	}
}

func TestARestartUnderPriority(t *testing.T) {
	h, peer := seats(t, stage.SettingsPatch{}, "ann")
	s := &store{people: map[string]stage.SavedPerson{}}
	h.host("boss", stage.GrantAccess, "ann")
	h.own(peer["ann"], stage.Join)
	s.keep(h.last.Saved)
	h.chair(true)
	s.keep(h.last.Saved)
	h = s.restarted(t, h.now)
	ann := h.join("ann", "podium")
	if !h.turnOf("ann").Suspended {
		t.Error("ann speaks through the restart")
	}
	h.own(ann, stage.Publish)
	if !h.turnOf("ann").Suspended {
		t.Error("ann's publish ended the silence")
	}
	h.chair(false)
	h.own(ann, stage.Publish)
}

// A chair who does not come back after a restart silences nobody any longer.
func TestARestartWithoutTheChair(t *testing.T) {
	for _, back := range []bool{false, true} {
		h, peer := seats(t, stage.SettingsPatch{}, "ann")
		s := &store{people: map[string]stage.SavedPerson{}}
		h.bring(peer["ann"], "ann", onStage)
		s.keep(h.last.Saved)
		h.chair(true)
		s.keep(h.last.Saved)
		h = s.restarted(t, h.now)
		h.join("ann", "podium")
		if back {
			h.join("boss", "host")
		}
		h.wantDeadline(lease)
		h.tick(lease)
		if suspended := h.turnOf("ann").Suspended; suspended != back {
			t.Errorf("the chair back %v, ann suspended %v", back, suspended)
		}
	}
}

func TestARestartKeepsTheWait(t *testing.T) {
	h, peer := seats(t, stage.SettingsPatch{RejectionWaitMs: to[int64](10_000)}, "ann")
	s := &store{people: map[string]stage.SavedPerson{}, saved: stage.Saved{Settings: to(h.rules.Settings())}}
	h.own(peer["ann"], stage.RequestAccess)
	h.host("boss", stage.DenyAccess, "ann")
	s.keep(h.last.Saved)
	h = s.restarted(t, h.now.Add(9*time.Second))
	ann := h.join("ann", "podium")
	h.refused(ann, stage.RequestAccess, stage.CodeTooSoon)
	h.wait(time.Second)
	h.own(ann, stage.RequestAccess)
}

func TestTheRecord(t *testing.T) {
	h, peer := seats(t, stage.SettingsPatch{}, "ann", "bob")
	h.own(peer["ann"], stage.RequestAccess)
	h.host("boss", stage.GrantAccess, "ann")
	h.own(peer["ann"], stage.Join)
	h.wait(time.Second)
	h.rules.SetOnAir("ann", true, h.now)
	h.wait(2 * time.Second)
	running := h.rules.Running(h.now)
	if len(running) != 1 || running[0].OffStageAt != nil || running[0].OnStageMs != 3000 || running[0].OnAirMs != 2000 {
		t.Errorf("running %+v", running)
	}
	h.host("boss", stage.Kick, "ann")
	data, err := json.Marshal(h.last.Saved.Record)
	if err != nil {
		t.Fatal(err)
	}
	want := `[{"userId":"ann","displayName":"Name of ann","onStageAt":"2026-03-01T09:00:00.000Z","offStageAt":"2026-03-01T09:00:03.000Z",` +
		`"onStageMs":3000,"onAirMs":2000,"how":"approved","letInBy":"boss","media":["audio","video"],"endReason":"removed","endedBy":"boss"}]`
	if string(data) != want {
		t.Errorf("record\n%s, want\n%s", data, want)
	}
	for mode, how := range map[stage.Mode]stage.How{stage.ModeFIFO: stage.HowFIFO, stage.ModeOpen: stage.HowOpen, stage.ModeOverride: stage.HowOverride} {
		h.set(stage.SettingsPatch{Mode: &mode})
		h.own(peer["bob"], stage.RequestAccess)
		h.own(peer["bob"], stage.Join)
		h.own(peer["bob"], stage.Leave)
		if e := h.last.Saved.Record[0]; e.How != how || e.LetInBy != "" || e.EndReason != "left" || e.EndedBy != "" {
			t.Errorf("mode %s: %+v", mode, e)
		}
	}
}
