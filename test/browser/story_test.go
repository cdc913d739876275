package browser

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"podium/test/chromium"
)

// The hooks of the pages, as others rely on them.
const (
	queueRow = `[data-testid=queue-row][data-user-id="podium-1"]`
	stageRow = `[data-testid=stage-row][data-user-id="podium-1"]`
	tile     = `[data-testid=tile][data-user-id="podium-1"]`
	request  = `[data-testid=button-request]`
	cancel   = `[data-testid=button-cancel]`
)

func present(selector string) string { return `document.querySelector('` + selector + `') !== null` }
func absent(selector string) string  { return `document.querySelector('` + selector + `') === null` }

func shows(colour, pattern string) string {
	return `document.querySelector('[data-testid=lamp-` + colour + `]').dataset.pattern === '` + pattern + `'`
}

// moving is true while the video under the selector decodes and shows frames.
func moving(selector string) string {
	return `(() => {
		const video = document.querySelector('` + selector + ` video');
		if (!video) return false;
		const frames = video.getVideoPlaybackQuality().totalVideoFrames;
		video.firstSeen ??= frames;
		return video.videoWidth > 0 && frames > video.firstSeen;
	})()`
}

// hall is the three pages of the demo.
type hall struct{ panel, console, watch tab }

func enter(t *testing.T, d demo) hall {
	t.Helper()
	browser := chromium.Start(t)
	h := hall{
		panel:   open(browser, t, "panel", d.base+"/panel"),
		console: open(browser, t, "console", d.base+"/console#token="+d.host),
		watch:   open(browser, t, "watch", d.base+"/watch#token="+d.viewer),
	}
	for _, p := range []tab{h.console, h.watch} {
		p.Until("it is connected", `document.querySelector('[data-testid=connection]').dataset.state === 'connected'`)
		p.Until("the token is out of the address", `location.hash === ''`)
	}
	h.panel.Until("the podium is off stage", `document.body.dataset.status === 'OFF_STAGE' && `+shows("green", "off"))
	return h
}

// TestPressGrantOnAirKick is the main job: a press, a grant, the speaker is on
// air with picture and sound, and a kick ends both.
func TestPressGrantOnAirKick(t *testing.T) {
	h := enter(t, startDemo(t))
	h.watch.Until("nobody is on stage", `document.getElementById('nobody').checkVisibility()`)
	h.watch.Shot("empty")
	h.console.Shot("empty")

	pressed := time.Now()
	h.panel.Click(request)
	h.console.Until("the request is there", present(queueRow))
	t.Logf("press to the host's row: %v", time.Since(pressed).Round(time.Millisecond))
	h.panel.Until("green says: next", shows("green", "double-blip"))
	h.panel.Shot("next")
	h.console.Shot("request")
	if got := eval[string](h.panel, `document.querySelector('[data-testid=lamp-red]').dataset.pattern`); got != "off" {
		t.Errorf("red lamp before the grant: %s, want off", got)
	}

	granted := time.Now()
	h.console.Click(queueRow + ` [data-testid=grant]`)
	h.watch.Until("frames are decoded", moving(tile))
	t.Logf("grant to moving picture: %v", time.Since(granted).Round(time.Millisecond))
	h.panel.Until("red is steady", shows("red", "on")+` && document.querySelector('[data-testid=lamp-red]').dataset.lit === 'true'`)
	h.console.Until("the host sees the picture", moving(stageRow))
	h.console.Until("the on-air mark is there", present(stageRow+`[data-onair=true]`))
	h.hearSound()
	for _, p := range []tab{h.panel, h.console, h.watch} {
		p.shots("onair")
	}

	kicked := time.Now()
	h.console.Click(stageRow + ` [data-testid=kick]`)
	h.watch.Until("the picture is gone", absent(tile))
	t.Logf("kick to picture gone: %v", time.Since(kicked).Round(time.Millisecond))
	h.panel.Until("red is dark", shows("red", "off")+` && document.body.dataset.status === 'OFF_STAGE'`)
	h.console.Until("the stage is empty", absent(stageRow))
	h.watch.Until("nobody is on stage", `document.getElementById('nobody').checkVisibility()`)
	h.panel.Shot("removed")
}

// hearSound turns the sound on, as a person would, and measures it.
func (h hall) hearSound() {
	t := h.watch.T
	t.Helper()
	h.soundOn()
	h.watch.Until("the sound is on", `(() => {
		const video = document.querySelector('`+tile+` video');
		return document.body.dataset.sound === 'on' && !video.muted && !video.paused;
	})()`)
	energy := eval[float64](h.watch, `(async () => {
		const context = new AudioContext();
		await context.resume();
		const analyser = context.createAnalyser();
		context.createMediaStreamSource(document.querySelector('`+tile+` video').srcObject).connect(analyser);
		const samples = new Float32Array(analyser.fftSize);
		const until = performance.now() + 20000;
		let energy = 0;
		while (energy < 1 && performance.now() < until) {
			await new Promise((done) => setTimeout(done, 50));
			analyser.getFloatTimeDomainData(samples);
			for (const s of samples) energy += s * s;
		}
		context.close();
		return energy;
	})()`)
	if energy <= 0 {
		t.Error("the watch page plays no sound")
	}
	t.Logf("sound energy: %.1f", energy)
}

// soundOn presses the one button that lets the page be heard, where it is asked for.
func (h hall) soundOn() {
	h.watch.T.Helper()
	// The page asks only once the browser has refused to play the sound by itself.
	h.watch.Until("the sound is on, or is asked for", `(() => {
		const video = document.querySelector('`+tile+` video');
		return !document.getElementById('sound-ask').hidden || document.body.dataset.sound === 'on' && video && !video.muted && !video.paused;
	})()`)
	if eval[bool](h.watch, `!document.getElementById('sound-ask').hidden`) {
		h.watch.Shot("asks-for-sound")
		h.watch.Click(`#sound-ask`)
	}
}

// TestByKeyboard goes on stage and off again without a mouse, by the speaker's
// own button, and is turned down once.
func TestByKeyboard(t *testing.T) {
	h := enter(t, startDemo(t))
	h.panel.recordLamp("green")
	h.panel.Do(chromedp.KeyEvent("r"))
	h.console.Until("the request is there", present(queueRow))
	h.console.Do(chromedp.Focus(queueRow), chromedp.KeyEvent("d"))
	h.console.Until("the request is gone", absent(queueRow))
	h.panel.Until("green has said: refused", `window.shown.includes('refused')`)
	h.panel.Until("the lamp goes dark again", shows("green", "off"))

	h.panel.Do(chromedp.KeyEvent("r"))
	h.console.Until("the request is there again", present(queueRow))
	h.console.Do(chromedp.Focus(queueRow), chromedp.KeyEvent("g"))
	h.watch.Until("frames are decoded", moving(tile))
	h.panel.Do(chromedp.Focus(cancel), chromedp.KeyEvent(" "))
	h.watch.Until("the picture is gone", absent(tile))
	h.panel.Until("red is dark", shows("red", "off"))
	h.onlyHeard()

	h.console.Do(chromedp.KeyEvent("?"))
	h.console.Until("the shortcuts are shown", `document.getElementById('help').open`)
	h.console.Shot("help")
}

// onlyHeard lets the podium on stage for sound only: the watch page marks the
// voice, and shows no picture.
func (h hall) onlyHeard() {
	h.panel.T.Helper()
	h.panel.Do(chromedp.KeyEvent("r"))
	h.console.Until("the request is there", present(queueRow))
	h.console.Do(chromedp.Focus(queueRow), chromedp.KeyEvent("a"))
	h.watch.Until("it is on air, under no picture", present(tile+`[data-onair=true][data-audio=true]`)+` && `+covered(tile, "Sound only"))
	h.soundOn()
	h.watch.Until("the voice is marked", present(tile+` [data-testid=level][data-speaking=true]`))
	h.watch.glance("heard")
	h.panel.Do(chromedp.Focus(cancel), chromedp.KeyEvent(" "))
	h.watch.Until("the plate is gone", absent(tile))
}

// recordLamp keeps every pattern that a lamp shows from now on in window.shown:
// a passing one could be over before a busy machine looks.
func (p tab) recordLamp(colour string) {
	p.T.Helper()
	eval[int](p, `(() => {
		const lamp = document.querySelector('[data-testid=lamp-`+colour+`]');
		window.shown = [];
		new MutationObserver(() => window.shown.push(lamp.dataset.pattern)).observe(lamp, { attributeFilter: ['data-pattern'] });
		return 0;
	})()`)
}

// TestWithoutAccess shows what to do to whoever has no token, or a dead one.
func TestWithoutAccess(t *testing.T) {
	d := startDemo(t)
	browser := chromium.Start(t)
	none := open(browser, t, "no-token", d.base+"/console")
	none.Until("it asks for a token", `document.getElementById('card').checkVisibility()`)
	none.Shot("asks")
	none.Do(chromedp.SendKeys("#token", "not a token\r"))
	none.Until("it says what is wrong", `document.getElementById('token-problem').checkVisibility()`)

	forged := open(browser, t, "forged-token", d.base+"/watch#token="+d.viewer[:len(d.viewer)-6]+"AAAAAA")
	forged.Until("it says that there is no access", `document.getElementById('card').checkVisibility()
		&& document.querySelector('[data-testid=connection]').dataset.state === 'refused'`)
	forged.Shot("refused")

	viewer := open(browser, t, "viewer-token", d.base+"/console#token="+d.viewer)
	viewer.Until("it says that a viewer is no host", `document.getElementById('card').checkVisibility()`)
	viewer.glance("refused")
}
