package browser

import (
	"context"
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"

	"podium/stage"
	"podium/test/chromium"
)

func focused(selector string) string {
	return `document.activeElement?.matches('` + selector + `')`
}

// TestConsoleByKeyboard decides without a mouse, keeps the focus where the work
// is, and rings for a new request unless it was told not to.
func TestConsoleByKeyboard(t *testing.T) {
	s := startStage(t)
	console := open(chromium.Start(t), t, "keys", s.page(t, "/console", "ada", "Ada", "host"))
	console.connected()
	console.Until("the sound waits for a hand", `document.getElementById('chime').dataset.face === 'waiting'`)
	var guests []guest
	for i := range 5 {
		g := s.enter(t, fmt.Sprintf("g%d", i), fmt.Sprintf("Guest %d", i), "podium")
		g.does(stage.RequestAccess)
		guests = append(guests, g)
	}
	console.Until("all wait", count("[data-testid=queue-row]", 5))
	if rung := eval[string](console, `document.body.dataset.rung ?? ''`); rung != "" {
		t.Errorf("it rang %s times before anybody touched the page", rung)
	}
	press := func(key string) { console.Do(chromedp.KeyEvent(key)) }

	console.Do(chromedp.Focus(row("queue-row", "g1")))
	press("d")
	console.Until("the focus is in the row that moved up", absent(row("queue-row", "g1"))+` && `+focused(row("queue-row", "g2")))
	press("a")
	console.Until("it was granted for sound only", present(row("stage-row", "g2")+`[data-audio=true]`)+` && `+focused(row("queue-row", "g3")))
	press("n")
	console.Until("the first was granted, and the focus stays", present(row("stage-row", "g0"))+` && `+focused(row("queue-row", "g3")))
	press("g")
	console.Until("the focused one was granted", present(row("stage-row", "g3"))+` && `+focused(row("queue-row", "g4")))
	press("d")
	console.Until("the empty queue's heading has the focus", count("[data-testid=queue-row]", 0)+` && `+focused("#queue-title"))

	console.Do(chromedp.Focus(row("stage-row", "g0")))
	press("w")
	console.Until("the permission is withdrawn", absent(row("stage-row", "g0"))+` && document.activeElement !== document.body`)
	console.Do(chromedp.Focus(row("participant", "g0")))
	press("v")
	console.Until("the person is invited", present(row("stage-row", "g0")))
	press("?")
	console.Until("the shortcuts are shown", `document.getElementById('help').open`)
	console.Shot("help")
	console.accessible("shortcuts")
	press("d") // nothing behind an open dialog is decided
	press(escape)
	console.rings(guests[1])
}

// escape is how chromedp spells the key.
const escape = "\u001b"

// rings tries the sound and its switch, which is remembered.
func (p tab) rings(g guest) {
	p.T.Helper()
	p.Until("the sound is on since the first key", `document.getElementById('chime').dataset.face === 'on'`)
	g.does(stage.RequestAccess)
	p.Until("it rang", `Number(document.body.dataset.rung) > 0`)
	p.Click(`[data-testid=chime]`)
	p.Until("it is off", `document.getElementById('chime').dataset.face === 'off' && document.getElementById('chime').getAttribute('aria-pressed') === 'false'`)
	p.Do(chromedp.Reload())
	p.connected()
	p.Click(`#queue-title`)
	p.Until("and stays off", `document.getElementById('chime').dataset.face === 'off'`)
}

// TestNobodyComes is told when a permission runs out unused.
func TestNobodyComes(t *testing.T) {
	s := startStage(t)
	console := open(chromium.Start(t), t, "expiry", s.page(t, "/console", "ada", "Ada", "host"))
	console.connected()
	soon := int64(1000)
	if _, err := s.rest(t).UpdateSettings(context.Background(), stage.SettingsPatch{GrantExpiryMs: &soon}); err != nil {
		t.Fatal(err)
	}
	s.enter(t, "g", "Grace", "podium").does(stage.RequestAccess)
	console.Until("the request is there", present(row("queue-row", "g")))
	console.Click(row("queue-row", "g") + ` [data-testid=grant]`)
	console.Until("it is said that nobody came", toasted("info", "Grace did not come on stage in time."))
	console.Until("and the stage is empty", absent(row("stage-row", "g")))
}
