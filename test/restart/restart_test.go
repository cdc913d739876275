package restart

import (
	"flag"
	"math/rand/v2"
	"testing"

	"podium/stage"
)

var (
	kills = flag.Int("kills", 30, "how often the stage is killed")
	seed  = flag.Uint64("seed", 1, "of what everybody does, and of the moments of the kills")
)

// Killed at any moment and started again, the stage has lost no acknowledged step.
func TestNoAcknowledgedStepIsLost(t *testing.T) {
	h := newHall(t, *seed)
	random := rand.New(rand.NewPCG(*seed, 99))
	h.stage.start()
	h.takeSeats()
	for n := 1; n <= *kills && !t.Failed(); n++ {
		h.round(random)
		h.stage.start()
		h.takeSeats()
		if t.Failed() {
			t.Errorf("after kill %d of seed %d", n, *seed)
		}
	}
	turns := 0
	for _, a := range h.actors {
		turns += a.turns
	}
	t.Logf("%d kills, %d ended turns, %d settings", *kills, turns, h.chair.warning-30_000)
	h.hangUp()
}

// takeSeats connects everybody and looks whether what was acknowledged is there.
// Then it counts as known what became of the steps that were under way.
func (h *hall) takeSeats() {
	h.t.Helper()
	var joined stage.Joined
	h.chair.host, joined = enter(h.t, h.stage.address, "chair", "host")
	h.chair.check(joined)
	h.checkQueue(*joined.StageRequests)
	ended := h.record()
	for _, a := range h.actors {
		var self stage.Joined
		a.podium, self = enter(h.t, h.stage.address, a.user, "podium")
		a.host, _ = enter(h.t, h.stage.address, "host of "+a.user, "host")
		a.check(self.Self.Status, ended[a.user])
	}
}

func (a *actor) check(is stage.Status, ended int) {
	a.hall.t.Helper()
	if is != a.status && is != a.next {
		a.hall.t.Errorf("%s is %s; acknowledged was %s, under way to %s", a.user, is, a.status, a.next)
	}
	want := a.turns
	if a.status == stage.OnStage && is == stage.OffStage {
		want++
	}
	if ended != want {
		a.hall.t.Errorf("the record has %d turns of %s, want %d", ended, a.user, want)
	}
	a.status, a.next, a.turns = is, is, want
	if is != stage.Requested {
		a.request = request{}
	} else if a.request.known == 0 {
		a.request.known = a.hall.now()
	}
}

// checkQueue wants those whose request was acknowledged, in that order, and with
// the age that hosts were told.
func (h *hall) checkQueue(list []stage.Request) {
	h.t.Helper()
	place := map[string]int{}
	at := map[string]string{}
	for n, r := range list {
		place[r.UserID], at[r.UserID] = n+1, wire(r.RequestedAt)
	}
	for _, a := range h.actors {
		if a.status == stage.Requested && a.next == stage.Requested && place[a.user] == 0 {
			h.t.Errorf("%s was acknowledged to wait, and is not in the queue", a.user)
		}
		if place[a.user] > 0 && a.request.at != "" && at[a.user] != a.request.at {
			h.t.Errorf("%s waits since %s, hosts were told %s", a.user, at[a.user], a.request.at)
		}
		for _, b := range h.actors {
			if place[a.user] > 0 && place[b.user] > 0 && a.request.known > 0 && a.request.known < b.request.sent && place[a.user] > place[b.user] {
				h.t.Errorf("%s asked before %s, and waits behind", a.user, b.user)
			}
		}
	}
}

func (c *chair) check(joined stage.Joined) {
	c.hall.t.Helper()
	if is := joined.Settings.SpeakingWarningMs; is != c.warning && is != c.next {
		c.hall.t.Errorf("the setting is %d; acknowledged was %d, under way %d", is, c.warning, c.next)
	}
	held := joined.Priority != nil && joined.Priority.Held
	if held != c.held && held != c.holds {
		c.hall.t.Errorf("priority held is %v; acknowledged was %v, under way %v", held, c.held, c.holds)
	}
	c.warning, c.held = joined.Settings.SpeakingWarningMs, held
	c.next, c.holds = c.warning, c.held
}
