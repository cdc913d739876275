package stage

import (
	"slices"
	"time"

	"pgregory.net/rapid"
)

// fallSilent is a connection that is given up after a silence, of a lease at most.
func (x *model) fallSilent(t *rapid.T) {
	silence := time.Duration(rapid.IntRange(0, 5000).Draw(t, "silence")) * time.Millisecond
	x.end(t, func(peer string, now time.Time) Outcome { return x.m.Silent(peer, now.Add(-silence), now) })
}

// sleep is the machine's: nothing that waits may wait longer for it, and nobody who
// was there is there after a lease of it.
func (x *model) sleep(t *rapid.T) {
	d := time.Duration(rapid.IntRange(1, 12_000).Draw(t, "sleep")) * time.Millisecond
	was, waited := x.m.Deadline()
	before := x.statuses()
	x.observe(t, before, x.m.Slept(d, x.now))
	at, waits := x.m.Deadline()
	switch {
	case waits && !at.After(x.now) && at != x.m.viewers.next:
		t.Fatalf("at %v the tick of %v is still due", x.now, at)
	case d < modelLease && waited && waits && was != x.m.viewers.next && at.After(was.Add(-d)) && was.Add(-d).After(x.now):
		t.Fatalf("a sleep of %v leaves the deadline of %v at %v", d, was, at)
	case d >= modelLease && len(x.m.peers) > 0:
		t.Fatalf("%d connections have outlived a sleep of %v", len(x.m.peers), d)
	}
	if d >= modelLease {
		x.peers = nil
	}
	if d < 2*modelLease {
		return
	}
	if len(x.m.people) > 0 {
		t.Fatalf("after a sleep of %v there are %v", d, x.statuses())
	}
}

// wantHeard wants media to go on no longer than the turn, and only while somebody
// is heard or has been within the lease.
func (x *model) wantHeard(t *rapid.T) {
	x.forgetHushed()
	for user, p := range x.m.people {
		here := x.m.peers[p.publisher] != nil
		if here != p.pubUntil.IsZero() && p.status == OnStage || p.airUntil.After(p.pubUntil) || ended(p.airUntil, x.now) {
			t.Fatalf("%s: publisher here %v, the turn's lease %v, its media's %v", user, here, p.pubUntil, p.airUntil)
		}
	}
}

// forgetHushed forgets who was cut and is here again: a new silence may cut them anew.
func (x *model) forgetHushed() {
	for user, p := range x.m.people {
		if x.m.peers[p.publisher] != nil || p.status != OnStage {
			delete(x.hushed, user)
		}
	}
}

// newlyHushed lists those of the evicted whose turn goes on: their publisher is away,
// and each of them is cut once in that time.
func (x *model) newlyHushed(t *rapid.T, evicted, otherwise []string) (hushed []string) {
	for _, user := range evicted {
		p := x.m.people[user]
		if slices.Contains(otherwise, user) || p == nil || p.status != OnStage || p.pubUntil.IsZero() {
			continue
		}
		if x.hushed[user] || p.turn.onAir() || !p.airUntil.IsZero() {
			t.Fatalf("%s is cut, was cut before %v, on air %v, until %v", user, x.hushed[user], p.turn.onAir(), p.airUntil)
		}
		x.hushed[user] = true
		hushed = append(hushed, user)
	}
	return hushed
}
