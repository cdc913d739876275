package kit

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"podium/test/chromium"
)

// hall is a stage service with pages that have nothing but the SDK.
type hall struct {
	*service
	pages   pages
	browser context.Context
}

func newHall(t *testing.T, lease time.Duration) hall {
	t.Helper()
	p := newPages(t)
	s := startStage(t, lease, p.origin)
	p.serve(t, s.base, "")
	return hall{s, p, chromium.Start(t, chromedp.Flag("autoplay-policy", "no-user-gesture-required"))}
}

// person opens a page for a participant.
func (h hall) person(user, preset string) tab {
	h.t.Helper()
	token := h.token("hall", user, strings.ToUpper(user), preset)
	p := open(h.browser, h.t, h.t.Name()+"-"+user, h.pages.address("sdk.html", h.base, token))
	p.Until("it is connected", "window.ready === true")
	return p
}

// pair is one who may ask, and a host.
func (h hall) pair() (ada, chair tab) {
	h.t.Helper()
	ada, chair = h.person("ada", "podium"), h.person("chair", "host")
	ada.Until("it knows the chair", "meeting.participants.byUserId('chair') !== undefined")
	return ada, chair
}

// step is one call in one page, and all that both hear of it.
type step struct {
	name       string
	host       bool // the chair calls
	call       string
	ada, chair string // events, a line each
}

// hears waits until a page has heard as many events as wanted and then nothing
// more for a moment, and compares.
func (p tab) hears(step, want string) {
	p.T.Helper()
	lines := strings.Fields(strings.ReplaceAll(want, " ", "\x00"))
	for i, line := range lines {
		lines[i] = strings.ReplaceAll(line, "\x00", " ")
	}
	want = strings.Join(lines, "\n")
	got := eval[string](p, fmt.Sprintf("newsOf(%d)", len(lines)))
	if got != want {
		p.T.Errorf("%s: the %s page heard\n%s\nwant\n%s", step, p.Name, got, want)
	}
}

// TestEventsComeOnce goes through the stage's calls: each change comes once,
// with what it carries, to those whom it concerns, and nothing else comes.
func TestEventsComeOnce(t *testing.T) {
	t.Parallel()
	ada, chair := newHall(t, shortLease).pair()
	for _, p := range []tab{ada, chair} {
		eval[string](p, "news()")
	}
	for _, s := range steps {
		caller := ada
		if s.host {
			caller = chair
		}
		eval[any](caller, "Promise.resolve("+s.call+").then(() => null)")
		ada.hears(s.name, s.ada)
		chair.hears(s.name, s.chair)
	}
	chair.want("the record", "meeting.record().then((lines) => lines.map((l) => [l.userId, l.how, l.letInBy, l.media, l.endReason, l.endedBy].join(' ')).join())",
		"ada approved chair audio removed chair")
	if got := ada.refused("meeting.record()"); got != "2001" {
		t.Errorf("the record for one who is no host: %s, want 2001", got)
	}
}
