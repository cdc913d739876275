package browser

import (
	"context"
	"testing"

	"podium/stage"
	"podium/stage/client"
	"podium/test/chromium"
)

func says(state string) string {
	return `document.querySelector('[data-testid=state]').textContent === '` + state + `'`
}

const (
	panelistTile = `[data-testid=tile][data-user-id="panelist"]`
	panelistRow  = `[data-testid=stage-row][data-user-id="panelist"]`
	panelistItem = `[data-testid=participant][data-user-id="panelist"]`
	onAir        = `document.querySelector('[data-testid=onair]').dataset.onair === 'true'`
	notOnAir     = `document.querySelector('[data-testid=onair]').dataset.onair === 'false'`
	hasPicture   = `document.querySelector('[data-testid=preview] video').videoWidth > 0`
	devicesOff   = `document.getElementById('camera').getAttribute('aria-pressed') === 'false'
		&& document.getElementById('microphone').getAttribute('aria-pressed') === 'false'
		&& document.querySelector('[data-testid=preview] video').srcObject === null`
)

// TestPanelistFromABrowser goes on stage from /join, is seen, is taken off, is
// invited for sound only, and is suspended.
func TestPanelistFromABrowser(t *testing.T) {
	d := startDemo(t)
	browser := chromium.Start(t)
	join := open(browser, t, "join", d.base+"/join#token="+readToken(t, d.state, "panelist.token"))
	console := open(browser, t, "console", d.base+"/console#token="+d.host)
	watch := open(browser, t, "watch", d.base+"/watch#token="+d.viewer)
	for _, p := range []tab{join, console, watch} {
		p.connected()
	}
	join.Until("it is off stage", says("Off stage")+` && `+devicesOff)

	join.Click(`[data-testid=toggle-video]`)
	join.Until("one sees oneself, and nobody else does", hasPicture+` && `+notOnAir+` && `+says("Off stage"))
	join.Until("the camera can be chosen", `document.getElementById('camera-choice').options.length > 0`)
	join.glance("preview")
	join.Click(`[data-testid=toggle-audio]`)
	join.Click(`[data-testid=join-go]`)
	watch.Until("frames are decoded", moving(panelistTile))
	join.Until("it is on air by packets counted", onAir+` && `+says("On air"))
	console.Until("the host sees the on-air mark", present(panelistRow+`[data-onair=true]`)+` && `+moving(panelistRow))
	join.shots("onair")

	join.Click(`[data-testid=toggle-video]`)
	watch.Until("no frozen picture stands there", covered(panelistTile, "No picture just now"))
	join.Click(`[data-testid=toggle-audio]`)
	join.Until("with both off it is not on air", notOnAir)
	watch.afresh(panelistTile)
	join.Click(`[data-testid=toggle-video]`)
	watch.Until("the picture is back", moving(panelistTile))

	console.Click(panelistRow + ` [data-testid=kick]`)
	watch.Until("the picture is gone", absent(panelistTile))
	join.Until("it says who ended it, and the devices are closed", says("Off stage")+` && `+devicesOff+`
		&& document.querySelector('[data-testid=hint]').textContent.startsWith('The host took you off the stage.')`)
	soundOnly(t, d, join, console, watch)
}

// soundOnly invites for sound only, under a speaking time and a chair's priority.
func soundOnly(t *testing.T, d demo, join, console, watch tab) {
	t.Helper()
	host, err := client.NewREST(d.base, d.host)
	if err != nil {
		t.Fatal(err)
	}
	limit, warning := int64(60_000), int64(59_000)
	if _, err := host.UpdateSettings(context.Background(), stage.SettingsPatch{SpeakingTimeMs: &limit, SpeakingWarningMs: &warning}); err != nil {
		t.Fatal(err)
	}
	console.Click(panelistItem + ` [data-testid=more]`)
	console.Click(panelistItem + ` [data-testid=invite-audio]`)
	join.Until("it is asked", `document.getElementById('invitation').open
		&& document.getElementById('invitation-text').textContent.startsWith('For sound only')
		&& document.getElementById('invitation-time').textContent.endsWith('to answer')`)
	join.glance("invited")
	join.Click(`[data-testid=invitation-accept]`)
	join.Until("it is on air", onAir+` && !document.getElementById('camera').checkVisibility()`)
	watch.Until("it is a plate and no picture", present(panelistTile+`[data-audio=true] [data-testid=level]:not([hidden])`)+` && `+covered(panelistTile, "Sound only"))
	console.Until("the host sees what it is", present(panelistRow+` [data-testid=audio-only]:not([hidden])`)+`
		&& document.querySelector('`+panelistRow+`').dataset.time === 'warning'`)
	join.Until("the time is nearly over", `document.querySelector('[data-testid=time]').dataset.phase === 'warning'
		&& document.querySelector('[data-testid=time]').textContent.endsWith(' left')`)
	watch.glance("sound-only")
	console.glance("sound-only")

	console.Click(`[data-testid=priority]`)
	join.Until("it says that it is suspended", says("Suspended")+` && `+notOnAir+` && document.querySelector('[data-testid=time]').textContent.endsWith('paused')`)
	watch.Until("the hall sees it", covered(panelistTile, "Suspended"))
	join.glance("suspended")
	console.Click(`[data-testid=priority-release]`)
	join.Until("it goes on by itself", onAir)
	join.Click(`[data-testid=join-leave]`)
	watch.Until("the tile is gone", absent(panelistTile))
	join.Until("the devices are closed", devicesOff)
}

// TestAskFromABrowser is the way of one who has to ask, and of a host who goes
// on stage from the console.
func TestAskFromABrowser(t *testing.T) {
	s := startStage(t)
	browser := chromium.Start(t)
	first := s.enter(t, "first", "First", "podium")
	first.does(stage.RequestAccess)
	join := open(browser, t, "ask", s.page(t, "/join", "asks", "Asks", "podium"))
	console := open(browser, t, "console", s.page(t, "/console", "ada", "Ada", "host"))
	watch := open(browser, t, "watch", s.page(t, "/watch", "viewer", "Viewer", "viewer"))
	for _, p := range []tab{join, console, watch} {
		p.connected()
	}
	join.Click(`[data-testid=join-ask]`)
	join.Until("it waits", says("Waiting, number 2"))
	join.Click(`[data-testid=join-cancel]`)
	join.Until("it does not wait", says("Off stage"))
	join.Click(`[data-testid=join-ask]`)
	join.Until("it waits again", says("Waiting, number 2"))
	first.does(stage.CancelRequestAccess)
	join.Until("it is next", says("You are next"))
	console.Click(row("queue-row", "asks") + ` [data-testid=more]`)
	console.Click(row("queue-row", "asks") + ` [data-testid=identify]`)
	join.Until("it shows itself", `document.querySelector('[data-testid=identified]').checkVisibility()`)
	console.Click(row("queue-row", "asks") + ` [data-testid=grant]`)
	join.Until("it is asked", `document.getElementById('invitation').open`)
	if got := eval[bool](join, devicesOff); !got {
		t.Error("a grant opened a device before the person pressed")
	}
	join.Click(`[data-testid=invitation-decline]`)
	console.Until("the decline is said", toasted("info", "Asks declined."))

	console.Click(`[data-testid=go-on-stage]`)
	watch.Until("the host is seen", moving(row("tile", "ada")))
	console.Until("the host sees being on air", present(`[data-testid=mine][data-onair=true]`)+` && document.body.dataset.mine === 'true'`)
	console.glance("on-stage-oneself")
	console.Click(`[data-testid=mine-audio]`)
	console.Until("the microphone is off", `document.querySelector('[data-testid=mine-audio]').getAttribute('aria-pressed') === 'false'`)
	console.Click(`[data-testid=mine-leave]`)
	watch.Until("the host is gone", absent(row("tile", "ada")))

	viewer := open(browser, t, "may-not", s.page(t, "/join", "viewer", "Viewer", "viewer"))
	viewer.Until("it says that this access only watches", `document.getElementById('card').checkVisibility()
		&& document.getElementById('card-title').textContent === 'This access is for watching'`)
	viewer.glance("may-not")
}
