package hostile

import (
	"net/http"
	"sync"
	"testing"
	"time"
)

// scene is a meeting in which ann, a host, speaks, and eve's device does as it likes.
// A viewer watches each of them.
type scene struct {
	*hall
	ann, eve     *seat
	onAnn, onEve *viewer
	speaker      *device // ann's
	annToken     string
	annPlace     string // of her session
}

func (x *scene) decide(method string) { x.Helper(); x.ann.must(method, `{"userIds":["eve"]}`) }

// lets has ann grant eve the stage, and eve join it; it gives the publish token.
func (x *scene) lets() string {
	x.Helper()
	x.decide("stage.grantAccess")
	return x.eve.place("stage.join")
}

// speaks has eve publish, and waits until the viewer has something of it.
func (x *scene) speaks(token string) *device {
	x.Helper()
	d := x.device().start(token)
	before := x.onEve.count()
	x.eventually("eve is heard", func() bool { return x.onEve.count() > before+5 })
	return d
}

// wantSilence wants nothing of what a device sends from now on to reach the viewer.
func (x *scene) wantSilence(d *device) {
	x.Helper()
	last := d.sent.Load()
	heard := x.onAnn.count()
	x.eventually("both go on", func() bool { return d.sent.Load() > last+40 && x.onAnn.count() > heard+40 })
	if top := x.onEve.newest(d); top > last {
		x.Errorf("packet %d reached the viewer; it was sent after the end, at %d", top, last)
	}
}

// wantRefused wants a fresh device's POST refused with this status, and nothing of it heard.
func (x *scene) wantRefused(meeting, token string, status int) {
	x.Helper()
	d := x.device()
	r := d.post(meeting, token)
	if r.status != status {
		x.Errorf("answered %d %s, want %d", r.status, r.body, status)
	}
	if r.status == http.StatusCreated {
		x.accept(d.pc, r.body)
	}
	x.wantSilence(d)
}

const (
	unauthorized = http.StatusUnauthorized
	forbidden    = http.StatusForbidden
)

// cases are what a hostile device may try, a row each.
var cases = []struct {
	name     string
	lease    time.Duration // 0: longer than the test
	tokenTTL time.Duration // 0: as usual
	try      func(x *scene)
}{
	{name: "publishes while OFF_STAGE", try: func(x *scene) { x.guesses() }},
	{name: "publishes while REQUESTED", try: func(x *scene) { x.eve.must("stage.requestAccess", `{}`); x.guesses() }},
	{name: "publishes while ACCEPTED", try: func(x *scene) { x.decide("stage.grantAccess"); x.guesses() }},
	{name: "asks for a place without a turn", try: func(x *scene) {
		for _, method := range []string{"stage.join", "stage.publish"} {
			if a := x.eve.call(method, `{}`); a.Error == nil || a.Error.Code != 2006 {
				x.Errorf("%s while OFF_STAGE: %+v", method, a)
			}
		}
	}},
	{name: "sends on after a kick", try: func(x *scene) { x.sendsOnAfter(func() { x.decide("stage.kick") }) }},
	{name: "sends on after its own leave", try: func(x *scene) { x.sendsOnAfter(func() { x.eve.must("stage.leave", `{}`) }) }},
	{name: "sends on after it left the meeting", try: func(x *scene) { x.sendsOnAfter(func() { x.eve.must("meeting.leave", `{}`) }) }},
	{name: "sends on while a chair has priority", try: func(x *scene) {
		x.sendsOnAfter(func() { x.ann.must("stage.setPriority", `{"held":true}`) })
		if a := x.eve.call("stage.publish", `{}`); a.Error != nil || string(a.Result) != `{"status":"ON_STAGE","suspended":true}` {
			x.Errorf("a place under priority: %s %v", a.Result, a.Error)
		}
	}},
	{name: "sends on when its speaking time is over", try: func(x *scene) {
		x.ann.must("meeting.updateSettings", `{"speakingEnd":"off"}`)
		x.ann.must("stage.grantAccess", `{"userIds":["eve"],"speakingTimeMs":1500}`)
		token := x.eve.place("stage.join")
		x.sendsOnWith(token, func() { x.awaits("OFF_STAGE") })
	}},
	{name: "sends on with a dead stage connection", lease: 5 * time.Second, try: func(x *scene) {
		token := x.lets()
		d := x.speaks(token)
		x.eve.mute()
		x.eventually("eve is off air", func() bool { return !x.seen("eve").OnAir })
		if status := x.seen("eve").Status; status != "ON_STAGE" {
			x.Errorf("the media went on for longer than the first lease: eve is %q", status)
		}
		x.wantSilence(d)
		x.wantRefused("hall", token, forbidden)
	}},
	{name: "publishes with a token that it has used", try: func(x *scene) {
		token := x.lets()
		d := x.speaks(token)
		if r := x.device().post("hall", token); r.status != unauthorized {
			x.Errorf("the second use is answered %d %s", r.status, r.body)
		}
		before := x.onEve.count()
		x.eventually("the first session goes on", func() bool { return x.onEve.count() > before+40 })
		x.decide("stage.kick")
		x.wantSilence(d)
	}},
	{name: "publishes with the speaker's used token", try: func(x *scene) { x.wantRefused("hall", x.annToken, unauthorized) }},
	{name: "ends the speaker's session", try: func(x *scene) {
		for _, token := range []string{"", "guess", x.lets(), x.token("hall", "eve", "podium")} {
			if r := x.request(http.MethodDelete, x.annPlace, token, ""); r.status != unauthorized && r.status != http.StatusNotFound {
				x.Errorf("deleting the speaker's session is answered %d %s", r.status, r.body)
			}
		}
	}},
	{name: "publishes with a token of another meeting", try: func(x *scene) {
		other := x.enter("cellar", "eve", "panelist")
		other.must("stage.requestAccess", `{}`)
		x.wantRefused("hall", other.place("stage.join"), unauthorized)
	}},
	{name: "publishes in another meeting", try: func(x *scene) { x.wantRefused("cellar", x.lets(), unauthorized) }},
	{name: "publishes with an expired token", tokenTTL: time.Second, try: func(x *scene) {
		token := x.lets()
		time.Sleep(1100 * time.Millisecond)
		x.wantRefused("hall", token, unauthorized)
	}},
	{name: "publishes with a replaced token", try: func(x *scene) {
		old := x.lets()
		x.eve.place("stage.publish")
		x.wantRefused("hall", old, unauthorized)
	}},
	{name: "publishes with its former turn's token in a new turn", try: func(x *scene) {
		used, unused := x.lets(), ""
		d := x.speaks(used)
		unused = x.eve.place("stage.publish")
		x.decide("stage.kick")
		fresh := x.lets()
		x.wantSilence(d)
		for _, token := range []string{used, unused} {
			x.wantRefused("hall", token, forbidden)
		}
		x.speaks(fresh)
	}},
	{name: "races itself with one token", try: func(x *scene) {
		token := x.lets()
		won := x.race(token, 4, func() {})
		if len(won) != 1 {
			x.Fatalf("%d of 4 publish with one token", len(won))
		}
		x.decide("stage.kick")
		x.wantSilence(won[0])
	}},
	{name: "races the kick", try: func(x *scene) {
		for range 8 {
			token := x.lets()
			won := x.race(token, 2, func() { x.decide("stage.kick") })
			for _, d := range won {
				x.wantSilence(d)
			}
			x.wantRefused("hall", token, forbidden)
		}
	}},
	{name: "races its leave", try: func(x *scene) {
		for range 8 {
			won := x.race(x.lets(), 2, func() { x.eve.must("stage.leave", `{}`) })
			for _, d := range won {
				x.wantSilence(d)
			}
		}
	}},
}

// TestAHostileDevice holds two things in each case: of the device nothing reaches a
// viewer but in its turn, and the one on stage loses no packet.
func TestAHostileDevice(t *testing.T) {
	for _, row := range cases {
		t.Run(row.name, func(t *testing.T) {
			lease := row.lease
			if lease == 0 {
				lease = 2 * patience
			}
			x := &scene{hall: openHall(t, lease, row.tokenTTL)}
			x.ann, x.eve = x.enter("hall", "ann", "host"), x.enter("hall", "eve", "podium")
			x.onAnn, x.onEve = x.watch("ann"), x.watch("eve")
			x.ann.must("stage.requestAccess", `{}`)
			x.annToken = x.ann.place("stage.join")
			x.speaker = x.device()
			r := x.speaker.post("hall", x.annToken)
			x.annPlace = r.location
			x.accept(x.speaker.pc, r.body)
			x.eventually("ann is heard", func() bool { return x.onAnn.count() > 5 })
			row.try(x)
			before := x.onAnn.count()
			x.eventually("ann goes on", func() bool { return x.onAnn.count() > before+40 })
			x.onAnn.wantWhole()
		})
	}
}

// guesses tries everything that eve has before she is on stage.
func (x *scene) guesses() {
	x.Helper()
	for _, token := range []string{"", "guess", x.token("hall", "eve", "podium"), x.annToken} {
		x.wantRefused("hall", token, unauthorized)
	}
}

func (x *scene) sendsOnAfter(end func()) { x.Helper(); x.sendsOnWith(x.lets(), end) }

// sendsOnWith has eve speak until the turn is ended or silenced, and try again.
func (x *scene) sendsOnWith(token string, end func()) {
	x.Helper()
	d := x.speaks(token)
	unused := x.eve.place("stage.publish")
	end()
	x.wantSilence(d)
	for _, again := range []string{token, unused} {
		x.wantRefused("hall", again, forbidden)
	}
}

// race has devices publish with one token while something else happens, and gives
// those whom the server let in.
func (x *scene) race(token string, count int, meanwhile func()) (won []*device) {
	x.Helper()
	devices := make([]*device, count)
	for i := range devices {
		devices[i] = x.device()
	}
	var mu sync.Mutex
	var group sync.WaitGroup
	for _, d := range devices {
		group.Go(func() {
			if r := d.post("hall", token); r.status == http.StatusCreated {
				x.accept(d.pc, r.body)
				mu.Lock()
				won = append(won, d)
				mu.Unlock()
			}
		})
	}
	meanwhile()
	group.Wait()
	return won
}
