package stage

import (
	"cmp"
	"encoding/json"
	"reflect"
	"slices"
	"time"

	"pgregory.net/rapid"
)

// boss is the acting host: one of two, now and then one who is in the meeting.
func (x *model) boss(t *rapid.T) Actor {
	return Actor{UserID: rapid.SampledFrom([]string{"boss", "chair", "ann"}).Draw(t, "boss"), Preset: Presets["host"]}
}

func (x *model) expectation(t *rapid.T) Status {
	return rapid.SampledFrom([]Status{"", "", Requested, OnStage}).Draw(t, "expect")
}

func wantDisabled(t *rapid.T, err *Error) {
	if err == nil || err.Code != CodeStageDisabled {
		t.Fatalf("the stage is disabled, the answer %v", err)
	}
}

// change sets one or two of the meeting's settings.
func (x *model) change(t *rapid.T) {
	var p SettingsPatch
	draw := func(name string) int { return rapid.IntRange(0, 4).Draw(t, name) }
	switch draw("setting") {
	case 0:
		mode := rapid.SampledFrom(Modes).Draw(t, "mode")
		p.Mode = &mode
	case 1:
		limit := draw("stageLimit") - 1
		p.StageLimit = &limit
	case 2:
		queue, closed := draw("queueLimit"), rapid.Bool().Draw(t, "closed")
		p.QueueLimit, p.RequestsClosed = &queue, &closed
	case 3:
		limit, warning := int64(draw("speakingTime"))*2000, int64(draw("warning"))*1000
		end := rapid.SampledFrom([]TimeEnd{EndWarn, EndOff}).Draw(t, "end")
		p.SpeakingTimeMs, p.SpeakingWarningMs, p.SpeakingEnd = &limit, &warning, &end
	default:
		expiry, wait := int64(draw("expiry"))*3000, int64(draw("wait"))*3000
		effect := rapid.SampledFrom([]PriorityEffect{PrioritySuspend, PriorityRemove}).Draw(t, "effect")
		enabled := draw("enabled") > 0
		p.GrantExpiryMs, p.RejectionWaitMs, p.Priority, p.StageEnabled = &expiry, &wait, &effect, &enabled
	}
	if p.Check() != nil {
		return // the server does not let it through
	}
	before := x.statuses()
	settings, out, err := x.m.UpdateSettings(x.boss(t), p, x.now)
	x.observe(t, before, out)
	if err != nil || !settings.equal(x.settings) || !x.m.settings.equal(x.settings) {
		t.Fatalf("%v; settings %+v, told %+v", err, settings, x.settings)
	}
}

func (x *model) chair(t *rapid.T) {
	a, held := x.boss(t), rapid.Bool().Draw(t, "held")
	was, before := x.priority, x.statuses()
	p, out, err := x.m.SetPriority(a, held, x.now)
	x.observe(t, before, out)
	switch {
	case !x.settings.StageEnabled:
		wantDisabled(t, err)
	case held && was.Held && was.UserID != a.UserID:
		if err == nil || err.Code != CodeWrongStatus {
			t.Fatalf("priority of %s taken by %s: %v", was.UserID, a.UserID, err)
		}
	case err != nil || p.Held != held || p != x.priority:
		t.Fatalf("priority %+v, told %+v, %v", p, x.priority, err)
	}
}

func (x *model) next(t *rapid.T) {
	first, before := x.m.Requests(), x.statuses()
	results, out, err := x.m.GrantNext(x.boss(t), Targets{}, x.now)
	x.observe(t, before, out)
	if !x.settings.StageEnabled {
		wantDisabled(t, err)
		return
	}
	if err != nil || len(results) != min(1, len(first)) || len(results) > 0 && results[0].UserID != first[0].UserID {
		t.Fatalf("next of %+v: %+v, %v", first, results, err)
	}
}

func (x *model) clear(t *rapid.T) {
	before := x.statuses()
	waited := len(x.m.Requests())
	results, out, err := x.m.ClearRequests(x.boss(t), x.now)
	x.observe(t, before, out)
	if x.settings.StageEnabled && (err != nil || len(results) != waited || len(x.m.Requests()) > 0) {
		t.Fatalf("cleared %d: %+v, %v", waited, results, err)
	}
}

func (x *model) identify(t *rapid.T) {
	before := x.statuses()
	_, out, err := x.m.Identify(x.boss(t), IdentifyParams{UserIDs: modelUsers}, x.now)
	x.observe(t, before, out)
	if err != nil || !out.Saved.Empty() {
		t.Fatalf("%v, saved %+v", err, out.Saved)
	}
}

// restart is the end of the process and a new one that knows only what was
// stored; everybody's connection is gone.
func (x *model) restart(t *rapid.T) {
	before, queue := x.statuses(), x.m.Requests()
	data, err := json.Marshal(x.stored)
	if err != nil {
		t.Fatal(err)
	}
	var saved Saved
	if err := json.Unmarshal(data, &saved); err != nil {
		t.Fatalf("cannot read %s: %v", data, err)
	}
	x.m, x.peers = Restore(modelOptions, saved, x.now), nil
	if !reflect.DeepEqual(before, x.statuses()) || !sameQueue(queue, x.m.Requests()) {
		t.Fatalf("%v with %+v becomes %v with %+v", before, queue, x.statuses(), x.m.Requests())
	}
	x.viewers, x.viewersAt = 0, x.now.Add(-time.Second) // nobody is there who was told
	clear(x.listed)
	for user, p := range x.m.people {
		x.listed[user] = p.Preset.Listed
	}
	if !x.m.settings.equal(x.settings) || x.m.priority != x.priority {
		t.Fatalf("settings %+v, told %+v; priority %+v, told %+v", x.m.settings, x.settings, x.m.priority, x.priority)
	}
	if _, out, _ := x.m.UpdateSettings(x.boss(t), SettingsPatch{}, x.now); len(out.Notices) > 0 {
		t.Fatalf("a restored meeting still has to tell %+v", out.Notices)
	}
}

func sameQueue(a, b []Request) bool {
	return slices.EqualFunc(a, b, func(a, b Request) bool {
		return a.UserID == b.UserID && a.Position == b.Position &&
			a.RequestedAt.Truncate(time.Millisecond).Equal(b.RequestedAt.Truncate(time.Millisecond))
	})
}

// keep does what a store does.
func (x *model) keep(s Saved) {
	if s.Settings != nil {
		x.stored.Settings = s.Settings
	}
	if s.Priority != nil {
		x.stored.Priority = s.Priority
	}
	for _, w := range s.Waits {
		x.stored.Waits = append(slices.DeleteFunc(x.stored.Waits, func(o SavedWait) bool { return o.UserID == w.UserID }), w)
	}
	for _, p := range s.People {
		x.stored.People = slices.DeleteFunc(x.stored.People, func(o SavedPerson) bool { return o.UserID == p.UserID })
		if p.Status != OffStage {
			x.stored.People = append(x.stored.People, p)
		}
	}
}

// wantPlaces wants that no step filled the stage beyond its limit, that nobody
// waits for a free place whom the mode would let in, and that everybody's state
// is stored as it is.
func (x *model) wantPlaces(t *rapid.T) {
	live := len(x.m.live)
	if limit := x.m.settings.StageLimit; limit > 0 && live > limit && live > x.live {
		t.Fatalf("%d on the stage of %d", live, limit)
	}
	x.live = live
	if x.m.settings.Mode != ModeRequest && len(x.m.queue) > 0 && x.m.hasRoom() {
		t.Fatalf("mode %s, room for one, and %d wait", x.m.settings.Mode, len(x.m.queue))
	}
	var want []SavedPerson
	for _, p := range x.m.people {
		if p.status != OffStage {
			want = append(want, p.saved())
		}
	}
	byUser := func(a, b SavedPerson) int { return cmp.Compare(a.UserID, b.UserID) }
	got := slices.Clone(x.stored.People)
	slices.SortFunc(want, byUser)
	slices.SortFunc(got, byUser)
	if len(want)+len(got) > 0 && !reflect.DeepEqual(got, want) {
		t.Fatalf("stored\n%+v, the state is\n%+v", got, want)
	}
}

// wantExtras holds between any two steps.
func (x *model) wantExtras(t *rapid.T) {
	for user, p := range x.m.people {
		isLive := p.status == Accepted || p.status == OnStage
		if (x.m.live[user] == p) != isLive || (len(p.grant.media) > 0) != isLive || (p.grant.how != "") != isLive {
			t.Fatalf("%s is %s; live %v, grant %+v", user, p.status, x.m.live[user] == p, p.grant)
		}
		if (p.status == OnStage) == p.turn.since.IsZero() || p.turn.suspended && (p.status != OnStage || p.turn.onAir()) {
			t.Fatalf("%s is %s with turn %+v", user, p.status, p.turn)
		}
		holds := x.m.priority.Held && x.m.priority.UserID != user
		if p.status == OnStage && p.turn.suspended != holds || p.turn.suspended != x.suspended[user] {
			t.Fatalf("%s suspended %v, told %v; priority %+v", user, p.turn.suspended, x.suspended[user], x.m.priority)
		}
		if p.status == OnStage && p.turn.suspended != p.turn.runs.IsZero() {
			t.Fatalf("%s suspended %v, the time runs from %v", user, p.turn.suspended, p.turn.runs)
		}
		if !x.m.settings.StageEnabled && p.status != OffStage {
			t.Fatalf("%s is %s on a disabled stage", user, p.status)
		}
	}
	for user := range x.m.live {
		if x.m.people[user] == nil {
			t.Fatalf("%s is gone and has a place", user)
		}
	}
	if x.m.priority != x.priority {
		t.Fatalf("priority %+v, told %+v", x.m.priority, x.priority)
	}
}
