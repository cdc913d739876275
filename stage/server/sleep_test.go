package server_test

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"podium/stage/server"
)

// bed is where the machine of a test sleeps.
type bed struct{ slept atomic.Int64 }

func (b *bed) sleep(d time.Duration) { b.slept.Add(int64(d)) }
func (b *bed) asleep() time.Duration { return time.Hour + time.Duration(b.slept.Load()) }

// A lease asleep has lost everybody: the media are cut, the turn has a lease more, and
// who comes back in it goes on.
func TestALeaseAsleepLosesEverybody(t *testing.T) {
	var b bed
	h := openHouseWith(t, server.Config{Asleep: b.asleep})
	boss, ann := h.enter("boss", "host"), h.enter("ann", "podium")
	bringOnStage(boss, ann, "ann")
	b.sleep(patience)
	again := h.dial(h.token("ann", "podium")) // it comes after the sleep, and is not lost by it
	for _, lost := range []*seat{boss, ann} {
		if err := lost.wantEnd(); !strings.Contains(err.Error(), "1001") {
			t.Errorf("the connection ended with %v, want going away", err)
		}
	}
	h.wantCalls("admit hall/ann", "evict hall/ann")
	wantLike(t, again.want("meeting.join", nil), `{"self":{"userId":"ann",~"status":"ON_STAGE",~`)
	again.forget()
	h.wantPlace(again.want("stage.publish", nil), "token-2")
	again.wantOnly()
}

// Two leases asleep leave nobody on stage, though nobody calls and no timer is due.
func TestTwoLeasesAsleepEmptyTheStage(t *testing.T) {
	var b bed
	h := openHouseWith(t, server.Config{Asleep: b.asleep})
	boss, ann := h.enter("boss", "host"), h.enter("ann", "podium")
	bringOnStage(boss, ann, "ann")
	b.sleep(2 * patience)
	eventually(t, "the meeting is taken down", func() bool { return h.meetings() == 0 })
	h.wantCalls("admit hall/ann", "evict hall/ann")
	_ = ann.wantEnd()
}

// A call that comes right after the sleep does not get around it.
func TestNoCallOvertakesTheSleep(t *testing.T) {
	var b bed
	h := openHouseWith(t, server.Config{Asleep: b.asleep})
	boss, ann := h.enter("boss", "host"), h.enter("ann", "podium")
	bringOnStage(boss, ann, "ann")
	b.sleep(patience)
	ann.send(`{"jsonrpc":"2.0","id":99,"method":"stage.publish"}`)
	_ = ann.wantEnd()
	h.wantCalls("admit hall/ann", "evict hall/ann")
}

// A short sleep counts to the silence: it is seen so much sooner.
func TestASleepAddsToTheSilence(t *testing.T) {
	var b bed
	h := openHouseWith(t, server.Config{Asleep: b.asleep})
	deaf := h.upgrade(headerOf(h.token("deaf", "podium")), "podium.stage.v1") // reads nothing, and so pongs nothing
	defer func() { _ = deaf.Close() }()
	began := time.Now()
	eventually(t, "it is connected", func() bool { return h.stage.Open() == 1 })
	b.sleep(patience - 2*time.Second)
	eventually(t, "it is lost", func() bool { return h.stage.Open() == 0 })
	if took := time.Since(began); took > patience/2 {
		t.Errorf("lost after %v awake", took)
	}
}

// Alive connections get over a short sleep unharmed.
func TestAShortSleepDisturbsNobody(t *testing.T) {
	var b bed
	h := openHouseWith(t, server.Config{Asleep: b.asleep})
	boss, ann := h.enter("boss", "host"), h.enter("ann", "podium")
	bringOnStage(boss, ann, "ann")
	ann.forget()
	boss.forget()
	for range 3 {
		b.sleep(patience / 2)
		ann.wantOnly()
		boss.wantOnly()
	}
	h.wantCalls("admit hall/ann")
}
