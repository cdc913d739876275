package browser

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"podium/stage"
	"podium/test/chromium"
)

// hostile are names that break what is careless.
var hostile = []struct{ userID, name string }{
	{"html", `<img src=x onerror="document.title='broken'"><script>document.title='broken'</script>`},
	{"rtl", "الأستاذة فاطمة الزهراء بنت محمد العلوي"},
	{"override", "Ada \u202e gnitirw esrever\u202c \u2066Byron"},
	{"long", "Her Excellency the Right Honourable Dr Maximiliane Theodora von und zu Hohenstein-Wolkersdorf-Langenbrunn of the Outer Islands"},
	{"word", strings.Repeat("Donaudampfschifffahrtsgesellschaft", 3)},
	{"control", "Bo\u0000b\r\n\tTables\u0007"},
	{"formula", `=HYPERLINK("http://example.org","x")`},
	{"emoji", "👩🏽‍⚖️ Judge 🧑‍🦽"},
}

type screen struct {
	name          string
	width, height int64
}

// screens are where the pages have to be readable.
var screens = []screen{{"phone", 390, 844}, {"tablet", 820, 1180}, {"projector", 1920, 1080}}

// shots photographs a page on every screen, light and dark, and finds what is
// wider than the screen or hard to read.
func (p tab) shots(name string) {
	p.T.Helper()
	for _, s := range screens {
		p.look(name, s, "light")
		p.look(name, s, "dark")
	}
	p.axe(name)
}

// glance is shots for a state that differs little from one that shots has seen.
func (p tab) glance(name string) {
	p.T.Helper()
	p.look(name, screens[2], "dark")
	p.look(name, screens[0], "light")
	p.axe(name)
}

func (p tab) look(name string, s screen, theme string) {
	p.T.Helper()
	p.Do(chromedp.EmulateViewport(s.width, s.height))
	eval[int](p, `(async () => {
		document.documentElement.dataset.theme = '`+theme+`';
		await Promise.all(document.getAnimations().filter((a) => a instanceof CSSTransition).map((a) => a.finished.catch(() => {})));
		return 0;
	})()`)
	if wide := eval[string](p, tooWide); wide != "" {
		p.T.Errorf("%s page, %s, on a %s: wider than the screen: %s", p.Name, name, s.name, wide)
	}
	p.Shot(name + "-" + s.name + "-" + theme)
	p.accessible(name + " on a " + s.name + ", " + theme)
}

// tooWide names the elements that make the page scroll sideways.
const tooWide = `document.documentElement.scrollWidth <= innerWidth ? ''
	: [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
		.map((e) => e.tagName + '#' + e.id + '.' + e.className).slice(0, 5).join(' ')`

// TestFullHall fills a meeting with thirty who wait and eight on stage, under
// names as bad as they come, and looks at every page.
func TestFullHall(t *testing.T) {
	s := startStage(t)
	browser := chromium.Start(t)
	console := open(browser, t, "console", s.page(t, "/console", "host", `Host <b>One</b>`, "host"))
	watch := open(browser, t, "watch", s.page(t, "/watch", "viewer", "Viewer", "viewer"))
	join := open(browser, t, "join", s.page(t, "/join", "self", hostile[0].name, "podium"))
	for _, p := range []tab{console, watch, join} {
		p.connected()
	}
	console.Until("nobody is on stage", `document.getElementById('stage-empty').checkVisibility()`)
	for _, p := range []tab{console, watch, join} {
		p.shots("empty")
	}

	for _, person := range hostile {
		g := s.enter(t, "stage-"+person.userID, person.name, "panelist")
		g.does(stage.RequestAccess)
		g.does(stage.Join)
	}
	for i := range 30 {
		person := hostile[i%len(hostile)]
		s.enter(t, fmt.Sprintf("%s-%d", person.userID, i), person.name, "podium").does(stage.RequestAccess)
	}
	s.enter(t, "idle", hostile[3].name, "podium")
	console.Until("all wait", `document.querySelectorAll('[data-testid=queue-row]').length === 30`)
	console.Until("all are on stage", fmt.Sprintf(`document.querySelectorAll('[data-testid=stage-row]').length === %d`, len(hostile)))
	watch.Until("all are seen on stage", fmt.Sprintf(`document.querySelectorAll('[data-testid=tile]').length === %d`, len(hostile)))
	join.Do(chromedp.Click(`[data-testid=join-ask]`))
	join.Until("it waits", `document.querySelector('[data-testid=state]').textContent === 'Waiting, number 31'`)
	for _, p := range []tab{console, watch, join} {
		p.shots("full")
		p.harmless()
	}
	console.Until("the title counts", `document.title.startsWith('(31) ')`)
	got := eval[string](console, `document.querySelector('[data-user-id="html-0"] bdi').textContent`)
	if got != hostile[0].name {
		t.Errorf("the HTML name is shown as %q, want %q", got, hostile[0].name)
	}
	if got := eval[string](console, `document.querySelector('[data-user-id="override-2"] bdi').textContent`); strings.ContainsAny(got, "\u202e\u2066") {
		t.Errorf("the name %q can turn the direction of what stands around it", got)
	}
}

// harmless checks that no name became an element.
func (p tab) harmless() {
	p.T.Helper()
	if got := eval[int](p, `document.querySelectorAll('img, body script, b').length`); got != 0 {
		p.T.Errorf("%s page: %d elements came out of names", p.Name, got)
	}
	if title := eval[string](p, `document.title`); strings.Contains(title, "broken") {
		p.T.Errorf("%s page: a script in a name ran: title %q", p.Name, title)
	}
}
