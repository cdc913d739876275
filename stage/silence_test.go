package stage_test

import (
	"testing"
	"time"

	"podium/stage"
)

func (h *hall) silent(peer string, silence time.Duration) {
	h.last = h.rules.Silent(peer, h.now.Add(-silence), h.now)
}

func (h *hall) sleep(d time.Duration) { h.last = h.rules.Slept(d, h.now) }

// speaking opens a hall with ann on stage and on air.
func speaking(t *testing.T) (h *hall, ann string) {
	h = newHall(t)
	h.join("boss", "host")
	ann = h.join("ann", "podium")
	h.bring(ann, "ann", onStage)
	h.last = h.rules.SetOnAir("ann", true, h.now)
	return h, ann
}

const offAir = `all participantOnAirUpdate {"participant":{"userId":"ann",...`

// One whose last frame is a lease old is cut at the loss; the turn has a lease more.
func TestSilenceCutsTheMediaAtTheFirstLease(t *testing.T) {
	h, ann := speaking(t)
	h.wait(lease)
	h.silent(ann, lease)
	h.wantEvicted("ann")
	h.wantNotices(offAir)
	h.wantStatus("ann", onStage)
	h.wantDeadline(lease)
	h.tick(lease)
	h.wantStatus("ann", off)
	h.wantEvicted("ann")
}

// A connection that breaks within its lease of silence leaves the media the rest of it.
func TestMediaHasTheRestOfTheSilencesLease(t *testing.T) {
	h, ann := speaking(t)
	h.silent(ann, 2*time.Second)
	h.wantEvicted()
	h.wantDeadline(lease - 2*time.Second)
	h.tick(lease - 2*time.Second - moment)
	h.wantEvicted()
	h.tick(moment)
	h.wantEvicted("ann")
	h.wantNotices(offAir)
	h.wantDeadline(2 * time.Second)
	h.tick(2 * time.Second)
	h.wantStatus("ann", off)
}

// Back before the media's lease ends, nothing is cut; back behind it, the turn stands
// and wants a new place.
func TestBackAfterASilence(t *testing.T) {
	for _, row := range []struct {
		name  string
		after time.Duration
		cut   []string
	}{{"in time for the media", 3*time.Second - moment, nil}, {"in time for the turn", 3 * time.Second, []string{"ann"}}} {
		t.Run(row.name, func(t *testing.T) {
			h, ann := speaking(t)
			h.silent(ann, 2*time.Second)
			h.wait(row.after)
			again := h.join("ann", "podium")
			h.wantEvicted(row.cut...)
			h.wantStatus("ann", onStage)
			h.wantDeadline(0)
			h.own(again, stage.Publish)
			h.tick(10 * lease)
			h.wantEvicted()
			h.wantStatus("ann", onStage)
		})
	}
}

// A sleep counts for whoever is awaited.
func TestASleepShortensTheLeases(t *testing.T) {
	h, ann := speaking(t)
	h.lose(ann)
	h.wait(time.Second)
	h.sleep(3 * time.Second)
	h.wantEvicted()
	h.wantDeadline(time.Second)
	h.sleep(time.Second)
	h.wantStatus("ann", off)
	h.wantEvicted("ann")
}

// What a sleep of each length leaves of a hall whose connections were all alive.
func TestASleepIsSilence(t *testing.T) {
	for _, row := range []struct {
		sleep  time.Duration
		status stage.Status
		cut    []string
		due    time.Duration
	}{
		{lease - moment, onStage, nil, 0},
		{lease, onStage, []string{"ann"}, lease},
		{2*lease - moment, onStage, []string{"ann"}, moment},
		{2 * lease, off, []string{"ann"}, 0},
		{24 * time.Hour, off, []string{"ann"}, 0},
	} {
		t.Run(row.sleep.String(), func(t *testing.T) {
			h, _ := speaking(t)
			h.sleep(row.sleep)
			h.wantStatus("ann", row.status)
			h.wantEvicted(row.cut...)
			h.wantDeadline(row.due)
			if row.status == off && h.rules.Has("ann") {
				t.Error("ann is still expected")
			}
		})
	}
}

// Grants, waits and speaking times go on while the machine sleeps; the line of the
// record counts it.
func TestASleepCountsForWhatIsTimed(t *testing.T) {
	h := newHall(t)
	h.set(stage.SettingsPatch{GrantExpiryMs: to[int64](10_000), RejectionWaitMs: to[int64](4000), SpeakingTimeMs: to[int64](3000), SpeakingEnd: to(stage.EndOff)})
	h.join("boss", "host")
	ann, bob, cat := h.join("ann", "podium"), h.join("bob", "podium"), h.join("cat", "podium")
	h.bring(bob, "bob", requested)
	h.host("boss", stage.DenyAccess, "bob")
	h.bring(cat, "cat", accepted)
	h.bring(ann, "ann", onStage)
	h.sleep(4 * time.Second)
	h.wantStatus("ann", off)
	h.own(bob, stage.RequestAccess)
	h.wantStatus("cat", accepted)
	h.wait(2 * time.Second)
	h.sleep(4 * time.Second)
	h.wantStatus("cat", off)
}

func TestARestoredChairSleepsAway(t *testing.T) {
	priority := stage.Priority{Held: true, UserID: "boss"}
	m := stage.Restore(stage.Options{Lease: lease, Settings: stage.DefaultSettings()}, stage.Saved{Priority: &priority}, start)
	out := m.Slept(lease, start)
	if out.Saved.Priority == nil || out.Saved.Priority.Held {
		t.Errorf("priority after a lease asleep: %+v", out.Saved.Priority)
	}
}
