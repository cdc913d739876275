package stage

import (
	"fmt"
	"slices"
	"time"

	"pgregory.net/rapid"
)

// statuses gives everybody's status as the rules have it.
func (x *model) statuses() map[string]Status {
	all := map[string]Status{}
	for _, user := range modelUsers {
		all[user] = x.m.Status(user)
	}
	return all
}

// observe takes in one step's notices, and holds them against what changed.
func (x *model) observe(t *rapid.T, before map[string]Status, out Outcome) {
	x.step()
	var changes, told, grown, silenced []string
	for _, n := range out.Notices {
		switch p := n.Params.(type) {
		case StatusUpdate:
			if n.To != ToUser {
				continue
			}
			if was := x.known(n.UserID); p.Previous != was || p.Status == was {
				t.Fatalf("%s is told %s -> %s, and was %s", n.UserID, p.Previous, p.Status, was)
			}
			changes = append(changes, fmt.Sprintf("%s %s>%s", n.UserID, p.Previous, p.Status))
			x.status[n.UserID], x.position[n.UserID] = p.Status, p.Position
			if p.Status != OnStage {
				delete(x.suspended, n.UserID)
			}
			if p.Status == Requested {
				grown = append(grown, n.UserID)
			}
		case SettingsUpdate:
			x.settings = p.Settings
		case Priority:
			x.priority = p
		case Suspended:
			if x.suspended[n.UserID] == p.Suspended {
				t.Fatalf("%s is told suspended %v twice", n.UserID, p.Suspended)
			}
			x.suspended[n.UserID] = p.Suspended
			if p.Suspended {
				silenced = append(silenced, n.UserID)
			}
		case ParticipantStatus:
			if h := n.HostParams.(ParticipantStatus); h.Reason == "" || p.Reason != "" || h.By != "" && p.By != "" {
				t.Fatalf("hosts are told %+v, the others %+v", h, p)
			}
			told = append(told, fmt.Sprintf("%s %s>%s", n.UserID, p.Previous, p.Status))
		case Position:
			if x.position[n.UserID] == p.Position {
				t.Fatalf("%s is told place %d twice", n.UserID, p.Position)
			}
			x.position[n.UserID] = p.Position
		case RequestList:
			x.queue = p.StageRequests
		case NewRequest:
			grown = slices.DeleteFunc(grown, func(u string) bool { return u == p.Request.UserID })
			if p.Count != len(x.queue) {
				t.Fatalf("newStageRequest counts %d of %d", p.Count, len(x.queue))
			}
		case ParticipantUpdate:
			if n.Event == EventParticipantJoined || n.Event == EventParticipantLeft {
				x.listed[p.Participant.UserID] = n.Event == EventParticipantJoined
			}
		case ViewerCount:
			if x.now.Sub(x.viewersAt) < time.Second || p.Count == x.viewers {
				t.Fatalf("viewers told %d after %d in %v", p.Count, x.viewers, x.now.Sub(x.viewersAt))
			}
			x.viewers, x.viewersAt = p.Count, x.now
		}
	}
	if !slices.Equal(changes, told) || len(grown) > 0 {
		t.Fatalf("changes %v, others told %v, not announced %v", changes, told, grown)
	}
	x.wantSteps(t, before, len(changes), out.Evict, silenced)
	x.keep(out.Saved)
	x.wantPlaces(t)
}

// known is a user's status by what was told.
func (x *model) known(user string) Status {
	if s, ok := x.status[user]; ok {
		return s
	}
	return OffStage
}

// wantSteps wants one change told per change made, and the media of exactly
// those cut who are no longer on stage, or have not been heard for a lease.
func (x *model) wantSteps(t *rapid.T, before map[string]Status, told int, evicted, silenced []string) {
	made, cut := 0, slices.Clone(silenced)
	for user, now := range x.statuses() {
		if now != before[user] {
			made++
			if before[user] == OnStage {
				cut = append(cut, user)
			}
		}
	}
	cut = append(cut, x.newlyHushed(t, evicted, cut)...)
	slices.Sort(cut)
	if got := slices.Sorted(slices.Values(evicted)); made != told || !slices.Equal(got, cut) {
		t.Fatalf("%d changes, %d told; evicted %v, want %v", made, told, got, cut)
	}
}

// invariants hold between any two steps.
func (x *model) invariants(t *rapid.T) {
	x.wantHeard(t)
	var waiting []string
	for user, p := range x.m.people {
		if (p.publisher != "") != (p.status == OnStage) {
			t.Fatalf("%s is %s with publisher %q", user, p.status, p.publisher)
		}
		if (p.turn.onAir() || !p.pubUntil.IsZero()) && p.status != OnStage {
			t.Fatalf("%s is %s with onAir %v, publisher's lease %v", user, p.status, p.turn.onAir(), p.pubUntil)
		}
		if p.status == OnStage && x.m.peers[p.publisher] == nil && p.pubUntil.IsZero() {
			t.Fatalf("%s is on stage by %s, which is neither there nor awaited", user, p.publisher)
		}
		if (len(p.conns) == 0 || !p.pubUntil.IsZero()) && !x.m.leases.holds(x.m, p) {
			t.Fatalf("%s, or what publishes, has no connection and no lease", user)
		}
		if p.status == Requested {
			waiting = append(waiting, user)
		}
		if p.status != x.known(user) || x.listed[user] != p.Preset.Listed {
			t.Fatalf("%s is %s, listed %v; told %s, %v", user, p.status, p.Preset.Listed, x.known(user), x.listed[user])
		}
	}
	x.wantQueue(t, waiting)
	x.wantExtras(t)
	if at, ok := x.m.Deadline(); x.viewers != x.m.viewers.count && (!ok || at.After(x.viewersAt.Add(time.Second))) {
		t.Fatalf("viewers told %d of %d, and nothing due", x.viewers, x.m.viewers.count)
	}
	for user, listed := range x.listed {
		if listed && !x.m.Has(user) {
			t.Fatalf("%s is gone, and nobody was told", user)
		}
	}
	if n := len(x.m.peers); n != len(x.peers) {
		t.Fatalf("%d connections, want %d", n, len(x.peers))
	}
}

// wantQueue wants the queue to be who is REQUESTED, in request order, and known
// as it is to the hosts and to those in it.
func (x *model) wantQueue(t *rapid.T, waiting []string) {
	list := x.m.Requests()
	if len(list) != len(waiting) || !slices.Equal(list, x.queue) {
		t.Fatalf("queue %+v, told %+v, waiting %v", list, x.queue, waiting)
	}
	for i, r := range list {
		if !slices.Contains(waiting, r.UserID) || r.Position != i+1 || x.position[r.UserID] != i+1 {
			t.Fatalf("place %d: %+v, told place %d", i+1, r, x.position[r.UserID])
		}
		if i > 0 && r.RequestedAt.Before(list[i-1].RequestedAt.Time) {
			t.Fatalf("queue is out of order: %+v", list)
		}
	}
}

// holds reports whether the end of p's lease will be looked at.
func (l leases) holds(m *Meeting, p *person) bool {
	return slices.ContainsFunc(l, func(e leaseEnd) bool { return e.p == p && e.holds(m) })
}
