package browser

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"podium/appliance"
	"podium/hw/lamp"
	"podium/stage"
	"podium/stage/web"
	"podium/test/chromium"
)

// TestThePanelsWords has a row for each state that the extras of the stage add.
func TestThePanelsWords(t *testing.T) {
	server := httptest.NewServer(web.Handler(web.Options{Panel: true}))
	defer server.Close()
	page := open(chromium.Start(t), t, "words", server.URL+"/")
	sound := []stage.Media{stage.Audio}
	onAir := appliance.Status{Status: stage.OnStage, OnAir: true}
	refused := func(code stage.Code, afterMs int64) appliance.Status {
		return appliance.Status{
			Status: stage.OffStage, Connected: true, Message: "said by the server", Refusal: &appliance.Refusal{Code: code, RetryAfterMs: afterMs},
		}
	}
	timed := func(phase stage.TimePhase, left int64) appliance.Status {
		s := onAir
		s.SpeakingTime = &appliance.SpeakingTime{Phase: phase, LimitMs: 60_000, RemainingMs: left}
		return s
	}
	soundOnly, invited := onAir, appliance.Status{Status: stage.Accepted, Connected: true}
	soundOnly.Media.Tracks = sound
	invited.Grant = &appliance.Grant{Invited: true, Media: sound, RemainingMs: 41_200}
	identified := onAir
	identified.IdentifyMs = 9000
	for _, row := range []struct {
		status      appliance.Status
		title, hint string
	}{
		{appliance.Status{Status: stage.OnStage, Suspended: true}, "The chair has the floor", "Nothing of you goes out"},
		{timed(stage.TimeRunning, 59_500), "On air", "60 s left"},
		{timed(stage.TimeWarning, 29_000), "On air, your time is nearly over", "29 s left"},
		{timed(stage.TimeOver, -3000), "On air, your time is over", "come to an end"},
		{timed(stage.TimeUnlimited, 0), "On air", "Picture and sound are going out"},
		{soundOnly, "On air", "The sound is going out"},
		{invited, "You are invited to speak", "Press Request within 42 s to go on stage, or Cancel to decline. It is for the sound only."},
		{appliance.Status{Status: stage.Accepted, Connected: true}, "You may speak", "Press Request to go on stage"},
		{refused(stage.CodeStageFull, 0), "Off stage", "Every place on the stage is taken. Press Request"},
		{refused(stage.CodeQueueFull, 0), "Off stage", "No more requests are taken now."},
		{refused(stage.CodeTooSoon, 125_000), "Off stage", "It is too soon after a no. You may ask again in 2 min 5 s."},
		{refused(stage.CodeGrantExpired, 0), "Off stage", "The time to come on stage ran out."},
		{refused(stage.CodePermissionDenied, 0), "Off stage", "Said by the server."},
		{appliance.Status{Status: stage.OffStage, Connected: true, Message: "time_over"}, "Off stage", "Your speaking time is over."},
		{identified, "On air", "A host is looking for this podium"},
	} {
		status, err := json.Marshal(row.status)
		if err != nil {
			t.Fatal(err)
		}
		got := eval[struct{ Title, Hint string }](page, fmt.Sprintf(`import('/assets/words.js').then(({ words }) => words(%s))`, status))
		if got.Title != row.title || !strings.Contains(got.Hint, row.hint) {
			t.Errorf("%s is shown as %q, %q; want %q and %q", status, got.Title, got.Hint, row.title, row.hint)
		}
	}
}

// TestDrawnLampsKeepStep compares which patterns share a clock with the device,
// and draws two halves of which one was there before.
func TestDrawnLampsKeepStep(t *testing.T) {
	server := httptest.NewServer(web.Handler(web.Options{Panel: true}))
	defer server.Close()
	page := open(chromium.Start(t), t, "step", server.URL+"/")
	for _, a := range lamp.Patterns() {
		for _, b := range lamp.Patterns() {
			drawn := eval[bool](page, fmt.Sprintf(`import('/assets/lamp.js').then(({ inStep }) => inStep('%s', '%s'))`, a, b))
			if drawn != a.InStep(b) {
				t.Errorf("%s in step with %s: drawn %t, on the device %t", a, b, drawn, !drawn)
			}
		}
	}
	apart := eval[int](page, `(async () => {
		const { Lamp, setLamps } = await import('/assets/lamp.js');
		const lamps = [new Lamp(document.createElement('i')), new Lamp(document.createElement('i'))];
		setLamps(lamps, ['slow', 'off'], 1000);
		setLamps(lamps, ['slow', 'slow-inverse'], 1700);
		return lamps[1].since - lamps[0].since;
	})()`)
	if apart != 0 {
		t.Errorf("the two halves of one rhythm are %d ms apart", apart)
	}
}
