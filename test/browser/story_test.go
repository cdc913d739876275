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
		p.until("it is connected", `document.querySelector('[data-testid=connection]').dataset.state === 'connected'`)
		p.until("the token is out of the address", `location.hash === ''`)
	}
	h.panel.until("the podium is off stage", `document.body.dataset.status === 'OFF_STAGE' && `+shows("green", "off"))
	return h
}

// TestPressGrantOnAirKick is the main job: a press, a grant, the speaker is on
// air with picture and sound, and a kick ends both.
func TestPressGrantOnAirKick(t *testing.T) {
	h := enter(t, startDemo(t))
	h.watch.until("nobody is on stage", `document.getElementById('nobody').checkVisibility()`)
	h.watch.shot("empty")
	h.console.shot("empty")

	pressed := time.Now()
	h.panel.click(request)
	h.console.until("the request is there", present(queueRow))
	t.Logf("press to the host's row: %v", time.Since(pressed).Round(time.Millisecond))
	h.panel.until("green says: next", shows("green", "double-blip"))
	h.panel.shot("next")
	h.console.shot("request")
	if got := eval[string](h.panel, `document.querySelector('[data-testid=lamp-red]').dataset.pattern`); got != "off" {
		t.Errorf("red lamp before the grant: %s, want off", got)
	}

	granted := time.Now()
	h.console.click(queueRow + ` [data-testid=grant]`)
	h.watch.until("frames are decoded", moving(tile))
	t.Logf("grant to moving picture: %v", time.Since(granted).Round(time.Millisecond))
	h.panel.until("red is steady", shows("red", "on")+` && document.querySelector('[data-testid=lamp-red]').dataset.lit === 'true'`)
	h.console.until("the host sees the picture", moving(stageRow))
	h.console.until("the on-air mark is there", present(stageRow+`[data-onair=true]`))
	h.hearSound()
	for _, p := range []tab{h.panel, h.console, h.watch} {
		p.shots("onair")
	}

	kicked := time.Now()
	h.console.click(stageRow + ` [data-testid=kick]`)
	h.watch.until("the picture is gone", absent(tile))
	t.Logf("kick to picture gone: %v", time.Since(kicked).Round(time.Millisecond))
	h.panel.until("red is dark", shows("red", "off")+` && document.body.dataset.status === 'OFF_STAGE'`)
	h.console.until("the stage is empty", absent(stageRow))
	h.watch.until("nobody is on stage", `document.getElementById('nobody').checkVisibility()`)
	h.panel.shot("removed")
}

// hearSound turns the sound on, as a person would, and measures it.
func (h hall) hearSound() {
	t := h.watch.t
	t.Helper()
	h.soundOn()
	h.watch.until("the sound is on", `(() => {
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
	h.watch.t.Helper()
	// The page asks only once the browser has refused to play the sound by itself.
	h.watch.until("the sound is on, or is asked for", `(() => {
		const video = document.querySelector('`+tile+` video');
		return !document.getElementById('sound-ask').hidden || document.body.dataset.sound === 'on' && video && !video.muted && !video.paused;
	})()`)
	if eval[bool](h.watch, `!document.getElementById('sound-ask').hidden`) {
		h.watch.shot("asks-for-sound")
		h.watch.click(`#sound-ask`)
	}
}

// TestByKeyboard goes on stage and off again without a mouse, by the speaker's
// own button, and is turned down once.
func TestByKeyboard(t *testing.T) {
	h := enter(t, startDemo(t))
	h.panel.recordLamp("green")
	h.panel.do(chromedp.KeyEvent("r"))
	h.console.until("the request is there", present(queueRow))
	h.console.do(chromedp.Focus(queueRow), chromedp.KeyEvent("d"))
	h.console.until("the request is gone", absent(queueRow))
	h.panel.until("green has said: refused", `window.shown.includes('refused')`)
	h.panel.until("the lamp goes dark again", shows("green", "off"))

	h.panel.do(chromedp.KeyEvent("r"))
	h.console.until("the request is there again", present(queueRow))
	h.console.do(chromedp.Focus(queueRow), chromedp.KeyEvent("g"))
	h.watch.until("frames are decoded", moving(tile))
	h.panel.do(chromedp.Focus(cancel), chromedp.KeyEvent(" "))
	h.watch.until("the picture is gone", absent(tile))
	h.panel.until("red is dark", shows("red", "off"))
	h.onlyHeard()

	h.console.do(chromedp.KeyEvent("?"))
	h.console.until("the shortcuts are shown", `document.getElementById('help').open`)
	h.console.shot("help")
}

// onlyHeard lets the podium on stage for sound only: the watch page marks the
// voice, and shows no picture.
func (h hall) onlyHeard() {
	h.panel.t.Helper()
	h.panel.do(chromedp.KeyEvent("r"))
	h.console.until("the request is there", present(queueRow))
	h.console.do(chromedp.Focus(queueRow), chromedp.KeyEvent("a"))
	h.watch.until("it is on air, under no picture", present(tile+`[data-onair=true][data-audio=true]`)+` && `+covered(tile, "Sound only"))
	h.soundOn()
	h.watch.until("the voice is marked", present(tile+` [data-testid=level][data-speaking=true]`))
	h.watch.glance("heard")
	h.panel.do(chromedp.Focus(cancel), chromedp.KeyEvent(" "))
	h.watch.until("the plate is gone", absent(tile))
}

// recordLamp keeps every pattern that a lamp shows from now on in window.shown:
// a passing one could be over before a busy machine looks.
func (p tab) recordLamp(colour string) {
	p.t.Helper()
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
	none.until("it asks for a token", `document.getElementById('card').checkVisibility()`)
	none.shot("asks")
	none.do(chromedp.SendKeys("#token", "not a token\r"))
	none.until("it says what is wrong", `document.getElementById('token-problem').checkVisibility()`)

	forged := open(browser, t, "forged-token", d.base+"/watch#token="+d.viewer[:len(d.viewer)-6]+"AAAAAA")
	forged.until("it says that there is no access", `document.getElementById('card').checkVisibility()
		&& document.querySelector('[data-testid=connection]').dataset.state === 'refused'`)
	forged.shot("refused")

	viewer := open(browser, t, "viewer-token", d.base+"/console#token="+d.viewer)
	viewer.until("it says that a viewer is no host", `document.getElementById('card').checkVisibility()`)
	viewer.glance("refused")
}
