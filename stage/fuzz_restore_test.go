package stage

import (
	"encoding/json"
	"testing"
	"time"
)

// FuzzRestore reads what a store may hold and makes a meeting of it. Nobody is
// connected, so that time alone must end every turn, and each look at the clock
// must bring it on. Nobody gets on stage by it.
func FuzzRestore(f *testing.F) {
	f.Add([]byte(`{"people":[{"userId":"ann","peerId":"p1","preset":"podium","status":"ON_STAGE","onStageAt":"2026-11-24T12:00:00.000Z","runningAt":"2026-11-24T12:00:00.000Z","media":["audio"]},{"userId":"bob","preset":"podium","status":"REQUESTED_TO_JOIN_STAGE","order":7,"requestedAt":"2026-11-24T12:00:01.000Z"},{"userId":"cat","preset":"panelist","status":"ACCEPTED_TO_JOIN_STAGE","expiresAt":"2026-11-24T12:00:09.000Z","limitMs":5000}]}`))
	f.Add([]byte(`{"settings":{"stageEnabled":true,"mode":"fifo","stageLimit":1,"speakingTimeMs":1000,"speakingEnd":"off"},"priority":{"held":true,"userId":"boss"},"waits":[{"userId":"eve","until":"2026-11-24T12:10:00.000Z"}]}`))
	f.Add([]byte(`{"people":[{"userId":"ann","preset":{"stageAccess":"ALLOWED","listed":false},"status":"ON_STAGE","suspended":true,"spokenMs":-9,"onAirMs":9223372036854775807,"limitMs":9223372036854775807}]}`))
	f.Add([]byte(`{"people":[{"userId":"ann","preset":"podium","status":"REQUESTED_TO_JOIN_STAGE"},{"userId":"ann","preset":"podium","status":"ON_STAGE"}]}`))
	now := time.Date(2026, 11, 24, 12, 0, 5, 0, time.UTC)
	f.Fuzz(func(t *testing.T, data []byte) {
		var saved Saved
		if json.Unmarshal(data, &saved) != nil {
			return
		}
		m := Restore(Options{Name: "hall", Lease: 5 * time.Second, Settings: DefaultSettings()}, saved, now)
		had := map[string]bool{}
		for _, p := range saved.People {
			had[p.UserID] = had[p.UserID] || p.Status == OnStage
		}
		for _, p := range m.Participants() {
			if p.Status == OnStage && !had[p.UserID] || p.Status == OffStage {
				t.Errorf("%q is restored as %s", p.UserID, p.Status)
			}
		}
		wantQueue(t, m)
		runOut(t, m, now)
	})
}

// wantQueue wants everybody who waits once, in the order of the places.
func wantQueue(t *testing.T, m *Meeting) {
	t.Helper()
	seen := map[string]bool{}
	for i, p := range m.queue {
		if p.position != i+1 || p.status != Requested || seen[p.UserID] || m.people[p.UserID] != p {
			t.Errorf("place %d is %q's, who is %s at place %d", i+1, p.UserID, p.status, p.position)
		}
		seen[p.UserID] = true
	}
}

// runOut lets the time pass for which restored people may be away.
func runOut(t *testing.T, m *Meeting, now time.Time) {
	t.Helper()
	evicted := map[string]bool{}
	on := m.Participants()
	for range 4*len(on) + 8 {
		at, ok := m.Deadline()
		if !ok {
			break
		}
		if at.Before(now) {
			at = now
		}
		now = at
		for _, user := range m.Tick(now).Evict {
			evicted[user] = true
		}
		if next, ok := m.Deadline(); ok && !next.After(now) {
			t.Fatalf("a look at the clock at %v does not bring it on: the next is due at %v", now, next)
		}
	}
	if at, ok := m.Deadline(); ok {
		t.Fatalf("nobody is there, and the clock still wants a look at %v", at)
	}
	for _, p := range on {
		if p.Status == OnStage && !evicted[p.UserID] {
			t.Errorf("%q never came back, and the media is not cut", p.UserID)
		}
	}
	if left := m.Participants(); len(left) > 0 {
		t.Errorf("%d never came back, and are in the meeting for ever", len(left))
	}
}

// FuzzTime: what is read as a moment is written as one that reads the same to
// the millisecond.
func FuzzTime(f *testing.F) {
	for _, text := range []string{`"2026-11-24T12:00:00Z"`, `"2026-11-24T12:00:00.123456789+05:30"`, `"0000-01-01T00:00:00Z"`, `"9999-12-31T23:59:59.9999-23:59"`, `null`, `7`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var got, back Time
		if json.Unmarshal(data, &got) != nil {
			return
		}
		text, err := json.Marshal(got)
		if err != nil {
			t.Fatalf("%s is read as %v, which cannot be written: %v", data, got, err)
		}
		if err := json.Unmarshal(text, &back); err != nil || back.UnixMilli() != got.UnixMilli() {
			t.Errorf("%s is written as %s and read as %v, %v", data, text, back, err)
		}
	})
}
