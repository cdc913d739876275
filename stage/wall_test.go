package stage

import (
	"encoding/json"
	"fmt"
	"regexp"
	"testing"
	"time"
	"unsafe"

	"pgregory.net/rapid"
)

// jumped gives t as it would have been read had somebody set the wall clock by d:
// the monotonic reading stays. Package time offers no way to it.
func jumped(t time.Time, d time.Duration) time.Time {
	(*struct{ wall uint64 })(unsafe.Pointer(&t)).wall += uint64(int64(d/time.Second)) << 30 // the seconds stand above the nanoseconds
	return t
}

func TestJumped(t *testing.T) {
	now := time.Now()
	for _, d := range []time.Duration{-2 * year, 2 * year} {
		if got := jumped(now, d); got.Sub(now) != 0 || got.Round(0).Sub(now.Round(0)) != d {
			t.Fatalf("a jump by %v: monotonic %v, wall %v", d, got.Sub(now), got.Round(0).Sub(now.Round(0)))
		}
	}
}

const year = 365 * 24 * time.Hour

// act is one step of a story that two halls live through.
type act struct {
	What, Who, Which int
	For              time.Duration
}

// walled is a meeting whose wall clock may be off from the other's by jump.
type walled struct {
	model
	base time.Time
	past time.Duration
	jump time.Duration
}

func (w *walled) time() time.Time { return jumped(w.base.Add(w.past), w.jump) }

var stamps = regexp.MustCompile(`\d{4}-\d\d-\d\dT[^"]*`)

// do does one step, and tells all that can be seen of it but for the time of day.
func (w *walled) do(a act) string {
	var out Outcome
	now, user := w.time(), modelUsers[a.Who%len(modelUsers)]
	switch a.What {
	case 0:
		w.made++
		peer := Peer{PeerID: fmt.Sprint("p", w.made), UserID: user, Preset: modelPresets[a.Which%4]}
		w.peers = append(w.peers, peer.PeerID)
		_, out = w.m.Join(peer, now)
	case 1:
		out = w.m.Lost(w.peer(a), now)
	case 2:
		out = w.m.Silent(w.peer(a), now.Add(-a.For%modelLease), now)
	case 3, 4, 5:
		_, out, _ = w.m.Own(w.peer(a), []Method{RequestAccess, Join, Publish, Leave}[a.Which%4], now)
	case 6:
		_, out, _ = w.m.Host(Actor{Preset: Presets["host"]}, []Method{GrantAccess, DenyAccess}[a.Which%2], Targets{UserIDs: []string{user}}, now)
	case 7:
		out = w.m.SetOnAir(user, a.Which%2 == 0, now)
	case 8:
		out = w.m.Slept(a.For, now)
	case 9:
		w.restart()
	default:
		w.past += a.For
		out = w.m.Tick(w.time())
	}
	w.keep(out.Saved)
	return w.tell(out)
}

func (w *walled) peer(a act) string {
	if len(w.peers) == 0 {
		return ""
	}
	return w.peers[a.Which%len(w.peers)]
}

// restart is a new process that knows what was stored.
func (w *walled) restart() {
	data, err := json.Marshal(w.stored)
	var saved Saved
	if err == nil {
		err = json.Unmarshal(data, &saved)
	}
	if err != nil {
		panic(err)
	}
	w.m, w.peers = Restore(modelOptions, saved, w.time()), nil
}

func (w *walled) tell(o Outcome) string {
	due := "never"
	if at, ok := w.m.Deadline(); ok {
		due = at.Sub(w.time()).String()
	}
	seen, err := json.Marshal(map[string]any{
		"notices": o.Notices, "evict": o.Evict, "people": w.m.Participants(), "queue": w.m.Requests(),
		"due": due, "running": w.m.Running(w.time()),
	})
	if err != nil {
		panic(err)
	}
	return stamps.ReplaceAllString(string(seen), "T")
}

// TestTheWallClockCountsForNothing: two halls live through the same story, in one of
// them somebody sets the clock by years now and then. Leases, grants, speaking times
// and waits end at the same moments.
func TestTheWallClockCountsForNothing(t *testing.T) {
	base := time.Now()
	rapid.Check(t, func(t *rapid.T) {
		settings := Settings{StageEnabled: true, GrantExpiryMs: 9000, SpeakingTimeMs: 7000, SpeakingWarningMs: 2000, RejectionWaitMs: 6000, SpeakingEnd: EndOff}
		hall := func() *walled {
			w := &walled{base: base}
			w.m = NewMeeting(Options{Name: "hall", Lease: modelLease, Settings: settings})
			w.stored.Settings = &settings
			return w
		}
		still, jumps, moved := hall(), hall(), false
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			a := act{
				What: rapid.IntRange(0, 12).Draw(t, "what"), Who: rapid.IntRange(0, 3).Draw(t, "who"),
				Which: rapid.IntRange(0, 11).Draw(t, "which"), For: time.Duration(rapid.IntRange(1, 8000).Draw(t, "for")) * time.Millisecond,
			}
			if a.What == 9 && moved { // what is stored is wall time: it can only be right where the clock was
				a.What = 10
			}
			want := still.do(a)
			if got := jumps.do(a); got != want {
				t.Fatalf("%+v with the wall clock off by %v:\n%s\nwithout:\n%s", a, jumps.jump, got, want)
			}
			moved = moved || a.What > 9 && a.Who > 1
			if !moved {
				continue
			}
			jumps.jump = rapid.SampledFrom([]time.Duration{0, 0, 2 * year, -2 * year}).Draw(t, "jump")
		}
	})
}

// TestWhatIsRestoredDoesNotDependOnTheWallClock: what came from the store carries the
// time of day only, and must be measured by the running clock from then on.
func TestWhatIsRestoredDoesNotDependOnTheWallClock(t *testing.T) {
	base := time.Now()
	at := func(d time.Duration) *Time { return &Time{base.Add(d).Round(0)} }
	limit := int64(9000)
	saved := Saved{
		Settings: &Settings{StageEnabled: true, SpeakingEnd: EndOff, RejectionWaitMs: 60_000, SpeakingWarningMs: 0},
		People: []SavedPerson{
			{UserID: "ann", PeerID: "p1", Preset: Presets["podium"], Status: Accepted, Media: []Media{Audio}, ExpiresAt: at(9 * time.Second)},
			{UserID: "bob", PeerID: "p2", Preset: Presets["podium"], Status: OnStage, Media: []Media{Audio}, OnStageAt: at(0), RunningAt: at(0), LimitMs: &limit},
		},
		Waits: []SavedWait{{UserID: "cat", Until: *at(9 * time.Second)}},
	}
	for _, jump := range []time.Duration{-2 * year, 0, 2 * year} {
		m := Restore(modelOptions, saved, base)
		now := func(d time.Duration) time.Time { return jumped(base.Add(d), jump) }
		for i, user := range []string{"ann", "bob", "cat"} {
			m.Join(Peer{PeerID: fmt.Sprint("q", i), UserID: user, Preset: Presets["podium"]}, now(0))
		}
		statuses := func() string { return fmt.Sprint(m.Status("ann"), m.Status("bob")) }
		_, _, early := m.Own("q2", RequestAccess, now(8*time.Second))
		m.Tick(now(8 * time.Second))
		if early == nil || statuses() != fmt.Sprint(Accepted, OnStage) {
			t.Errorf("jump %v: after 8 of 9 s %s, the wait %v", jump, statuses(), early)
		}
		m.Tick(now(9 * time.Second))
		_, _, over := m.Own("q2", RequestAccess, now(9*time.Second))
		if over != nil || statuses() != fmt.Sprint(OffStage, OffStage) {
			t.Errorf("jump %v: after 9 s %s, the wait %v", jump, statuses(), over)
		}
	}
}
