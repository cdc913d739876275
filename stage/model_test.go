package stage

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"podium/test/random"
)

// model drives the rules at random and keeps what an observer can know from the
// notices alone: whatever the rules hold must follow from what they told.
type model struct {
	step  func() // counts
	m     *Meeting
	now   time.Time
	peers []string // joined connections, in order of joining
	made  int

	status    map[string]Status // by the StatusUpdates
	position  map[string]int    // by StatusUpdate and EventPosition
	listed    map[string]bool   // by participantJoined and participantLeft
	queue     []Request         // by the last stageAccessRequestUpdate
	viewers   int               // by the last viewerCountUpdate
	viewersAt time.Time
	suspended map[string]bool // by stageSuspended, and the answer to a join
	hushed    map[string]bool // whose media was cut while their lost connection is awaited
	settings  Settings        // by meetingSettingsUpdate
	priority  Priority        // by stagePriorityUpdate
	stored    Saved           // by what the steps have saved
	live      int             // ACCEPTED and ON_STAGE after the last step
}

const modelLease = 5 * time.Second

var modelOptions = Options{Name: "hall", Lease: modelLease, Settings: Settings{StageEnabled: true}}

var modelUsers = []string{"ann", "bob", "cat", "dan"}

// modelPresets holds the ready-made ones and those that two connections of one
// user make interesting.
var modelPresets = []Preset{
	Presets["host"], Presets["panelist"], Presets["podium"], Presets["podium"], Presets["viewer"],
	{Name: "hidden", StageEnabled: true, StageAccess: CanRequest},
	{Name: "deaf", StageAccess: Allowed, Listed: true},
}

func TestRulesAtRandom(t *testing.T) {
	random.Check(t, "stage", func(t *rapid.T, step func()) {
		x := &model{
			step:   step,
			m:      NewMeeting(modelOptions),
			now:    time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC),
			status: map[string]Status{}, position: map[string]int{}, listed: map[string]bool{}, suspended: map[string]bool{}, hushed: map[string]bool{},
			settings: modelOptions.Settings.normal(),
		}
		t.Repeat(map[string]func(*rapid.T){
			"join": x.join, "rejoin": x.rejoin, "leave": x.leave, "lose": x.lose,
			"own": x.own, "own again": x.own, "host": x.host, "on air": x.onAir,
			"settings": x.change, "priority": x.chair, "next": x.next, "clear": x.clear, "identify": x.identify,
			"wait": x.wait, "fall silent": x.fallSilent, "sleep": x.sleep, "restart": x.restart, "": x.invariants,
		})
	})
}

func (x *model) join(t *rapid.T) {
	x.made++
	peer := Peer{
		PeerID: fmt.Sprintf("peer-%d", x.made), UserID: rapid.SampledFrom(modelUsers).Draw(t, "user"),
		Preset: rapid.SampledFrom(modelPresets).Draw(t, "preset"),
	}
	before := x.statuses()
	joined, out := x.m.Join(peer, x.now)
	x.peers = append(x.peers, peer.PeerID)
	x.observe(t, before, out)
	x.forgetHushed() // an action may join first, and then have the new connection fall silent
	if joined.Self.Status != x.m.Status(peer.UserID) || joined.ViewerCount != x.m.viewers.count {
		t.Fatalf("join answers %+v", joined)
	}
	x.wantGreeting(t, out, peer.PeerID, joined.Self.Status)
}

func (x *model) rejoin(t *rapid.T) {
	peer := x.anyPeer(t)
	before := x.statuses()
	joined, out := x.m.Rejoin(peer, x.now)
	x.observe(t, before, out)
	x.wantGreeting(t, out, peer, joined.Self.Status)
}

// wantGreeting wants one status to the connection that joined, which changes nothing.
func (x *model) wantGreeting(t *rapid.T, out Outcome, peer string, status Status) {
	greetings := 0
	for _, n := range out.Notices {
		if n.To != ToPeer {
			continue
		}
		u, ok := n.Params.(StatusUpdate)
		if !ok {
			continue // the speaking time
		}
		greetings++
		if n.PeerID != peer || u.Status != status || u.Previous != status || u.Reason != ReasonJoined {
			t.Fatalf("greeting %+v to %s, status %s", u, n.PeerID, status)
		}
	}
	if greetings != 1 {
		t.Fatalf("%d greetings", greetings)
	}
}

func (x *model) leave(t *rapid.T) { x.end(t, x.m.Leave) }
func (x *model) lose(t *rapid.T)  { x.end(t, x.m.Lost) }

func (x *model) end(t *rapid.T, end func(string, time.Time) Outcome) {
	peer := x.anyPeer(t)
	before := x.statuses()
	out := end(peer, x.now)
	x.peers = slices.DeleteFunc(x.peers, func(p string) bool { return p == peer })
	x.observe(t, before, out)
}

func (x *model) own(t *rapid.T) {
	method := rapid.SampledFrom([]Method{RequestAccess, CancelRequestAccess, Join, Leave, Publish}).Draw(t, "method")
	peer := x.anyPeer(t)
	before := x.statuses()
	checked := x.m.Check(peer, method, x.now)
	result, out, err := x.m.Own(peer, method, x.now)
	status := result.Status
	if err == nil && method == Join {
		x.suspended[x.m.peers[peer].UserID] = result.Suspended
	}
	x.observe(t, before, out)
	user := x.m.peers[peer].UserID
	switch {
	case (err == nil) != (checked == nil):
		t.Fatalf("Check says %v, Own says %v", checked, err)
	case err != nil && x.m.Status(user) != before[user]:
		t.Fatalf("%s was refused with %v and changed the status", method, err)
	case err == nil && status != x.m.Status(user):
		t.Fatalf("%s answers %s, the status is %s", method, status, x.m.Status(user))
	case err == nil && status == OnStage && x.m.people[user].publisher != peer:
		t.Fatalf("%s by %s leaves the turn with %s", method, peer, x.m.people[user].publisher)
	}
}

func (x *model) host(t *rapid.T) {
	method := rapid.SampledFrom([]Method{GrantAccess, GrantAccess, DenyAccess, Kick}).Draw(t, "method")
	targets := rapid.SliceOfN(rapid.SampledFrom(append([]string{"ghost"}, modelUsers...)), 1, 6).Draw(t, "targets")
	before := x.statuses()
	results, out, err := x.m.Host(x.boss(t), method, Targets{UserIDs: targets, Expect: x.expectation(t)}, x.now)
	x.observe(t, before, out)
	if !x.settings.StageEnabled {
		wantDisabled(t, err)
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	var order []string
	for _, id := range targets {
		if !slices.Contains(order, id) {
			order = append(order, id)
		}
	}
	for i, r := range results {
		if i >= len(order) || r.UserID != order[i] || (r.Code == CodeUnknownUser) == x.m.Has(r.UserID) {
			t.Fatalf("results %+v for %v", results, targets)
		}
	}
	if len(results) != len(order) {
		t.Fatalf("results %+v for %v", results, targets)
	}
}

func (x *model) onAir(t *rapid.T) {
	before := x.statuses()
	x.observe(t, before, x.m.SetOnAir(rapid.SampledFrom(modelUsers).Draw(t, "user"), rapid.Bool().Draw(t, "onAir"), x.now))
}

// wait lets time pass as the server's timer does: a tick at every deadline on
// the way, and a needless one now and then, which must change nothing.
func (x *model) wait(t *rapid.T) {
	until := x.now.Add(time.Duration(rapid.IntRange(1, 8000).Draw(t, "ms")) * time.Millisecond)
	for {
		at, ok := x.m.Deadline()
		if !ok || at.After(until) {
			break
		}
		if at.Before(x.now) {
			t.Fatalf("deadline %v lies behind %v", at, x.now)
		}
		x.needless(t, at.Add(-1))
		x.now = at
		before := x.statuses()
		x.observe(t, before, x.m.Tick(x.now))
		if next, ok := x.m.Deadline(); ok && !next.After(x.now) {
			t.Fatalf("the tick at %v leaves the deadline at %v", x.now, next)
		}
	}
	x.needless(t, until)
	x.now = until
}

func (x *model) needless(t *rapid.T, at time.Time) {
	if at.Before(x.now) {
		return
	}
	if at2, ok := x.m.Deadline(); ok && !at.Before(at2) {
		return
	}
	if out := x.m.Tick(at); len(out.Notices)+len(out.Evict) > 0 {
		t.Fatalf("a tick before its time brought %+v", out)
	}
}

func (x *model) anyPeer(t *rapid.T) string {
	if len(x.peers) == 0 {
		x.join(t)
	}
	return rapid.SampledFrom(x.peers).Draw(t, "peer")
}
