package kit

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// TestExampleOfTheDocument opens the page that docs/sdk.md shows, as it stands.
func TestExampleOfTheDocument(t *testing.T) {
	t.Parallel()
	h := newHall(t, shortLease)
	chair := h.person("chair", "host")
	open := func(user, preset string) tab {
		return open(h.browser, t, "example-"+user, h.pages.address("example.html", h.base, h.token("hall", user, user, preset)))
	}
	ada, viewer := open("ada", "podium"), open("viewer", "viewer")
	ada.Until("it is connected", "document.getElementById('where').textContent === 'OFF_STAGE'")
	ada.Do(chromedp.Click("#ask"))
	ada.Until("it says the place in the queue", "document.getElementById('where').textContent === 'You are number 1.'")
	chair.mustDo("meeting.stage.grantAccess(['ada'])")
	ada.Until("it offers to join", "!document.getElementById('join').hidden")
	ada.Do(chromedp.Click("#join"))
	viewer.Until("the picture moves", `(() => {
		const video = document.querySelector('#speakers video');
		return Boolean(video) && video.getVideoPlaybackQuality().totalVideoFrames > 2;
	})()`)
	ada.Do(chromedp.Click("#leave"))
	viewer.Until("the speaker is gone", "document.querySelector('#speakers li') === null")
}
