package browser

import (
	"strings"
	"testing"
)

// covered is true when the tile under the selector shows its cover and not a
// picture, and says why.
func covered(selector, caption string) string {
	return `(() => {
		const picture = document.querySelector('` + selector + ` .picture');
		const cover = picture?.querySelector('.cover');
		return cover?.textContent === '` + caption + `' && getComputedStyle(cover).visibility === 'visible';
	})()`
}

// afresh forgets which frames were seen, so that moving asks about new ones.
func (p tab) afresh(selector string) {
	p.T.Helper()
	eval[int](p, `(() => { delete document.querySelector('`+selector+` video')?.firstSeen; return 0; })()`)
}

// TestChairSuspendsAndRestores takes priority over a podium that is on air, and
// gives it up in another console; then looks the turn up in the record.
func TestChairSuspendsAndRestores(t *testing.T) {
	d := startDemo(t)
	h := enter(t, d)
	h.panel.Click(request)
	h.console.Until("the request is there", present(queueRow))
	h.console.Click(queueRow + ` [data-testid=grant]`)
	h.watch.Until("frames are decoded", moving(tile))

	h.console.Click(`[data-testid=priority]`)
	h.console.Until("the chair is told", `document.getElementById('priority-text').textContent.startsWith('You hold priority.')`)
	h.watch.Until("the speaker is shown as suspended", covered(tile, "Suspended"))
	h.console.Until("the host sees it", present(stageRow+`[data-suspended=true]`)+` && `+covered(stageRow, "Suspended"))
	h.panel.Until("red is not steady any more", `document.querySelector('[data-testid=lamp-red]').dataset.pattern !== 'on'`)
	for _, p := range []tab{h.panel, h.console, h.watch} {
		p.glance("suspended")
	}
	second := open(h.console.Context, t, "second", d.base+"/console#token="+d.host)
	second.connected()
	second.Until("every host sees who holds it", `document.getElementById('priority-banner').checkVisibility()`)
	h.watch.afresh(tile)
	second.Click(`[data-testid=priority-release]`)
	h.console.Until("it is released", `!document.getElementById('priority-banner').checkVisibility()`)
	h.watch.Until("the picture moves again", moving(tile)+` && !`+covered(tile, "Suspended"))
	h.panel.Until("red is steady", shows("red", "on"))

	h.console.Click(stageRow + ` [data-testid=more]`)
	h.console.Click(stageRow + ` [data-testid=identify]`)
	h.panel.Until("the lamps say which podium it is, and red that it is on air", shows("red", "on")+` && `+shows("green", "fast"))

	h.console.Click(stageRow + ` [data-testid=kick]`)
	h.watch.Until("the picture is gone", absent(tile))
	h.lookUp()
}

// lookUp finds the turn in the record, on the page and in the saved file.
func (h hall) lookUp() {
	t := h.console.T
	t.Helper()
	eval[int](h.console, `(() => {
		const make = URL.createObjectURL;
		URL.createObjectURL = (blob) => { window.saved = blob.text(); return make.call(URL, blob); };
		return 0;
	})()`)
	h.console.Click(`[data-testid=record-open]`)
	line := `document.querySelector('[data-testid=record-row][data-user-id="podium-1"]')`
	h.console.Until("the turn is in the record", line+`?.textContent.includes('taken off')`)
	text := eval[string](h.console, line+`.innerText`)
	if !strings.Contains(text, "Podium 1") || strings.Count(text, "Host") != 2 {
		t.Errorf("the record says %q, want Podium 1, let in by Host and taken off by Host", text)
	}
	h.console.glance("record")
	h.console.Click(`[data-testid=record-csv]`)
	csv := eval[string](h.console, `window.saved`)
	lines := strings.Split(csv, "\r\n")
	if len(lines) != 3 || !strings.HasPrefix(lines[0], "userId,displayName,onStageAt") ||
		!strings.HasPrefix(lines[1], "podium-1,Podium 1,") || !strings.Contains(lines[1], ",approved,host,") || !strings.HasSuffix(lines[1], ",removed,host") {
		t.Errorf("the saved CSV is %q", csv)
	}
	h.console.Click(`[data-testid=record-json]`)
	h.console.Until("the JSON is the same turn", `window.saved.then((text) => JSON.parse(text)[0].userId === 'podium-1')`)
}
