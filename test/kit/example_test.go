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
	ada.until("it is connected", "document.getElementById('where').textContent === 'OFF_STAGE'")
	ada.do(chromedp.Click("#ask"))
	ada.until("it says the place in the queue", "document.getElementById('where').textContent === 'You are number 1.'")
	chair.mustDo("meeting.stage.grantAccess(['ada'])")
	ada.until("it offers to join", "!document.getElementById('join').hidden")
	ada.do(chromedp.Click("#join"))
	viewer.until("the picture moves", `(() => {
		const video = document.querySelector('#speakers video');
		return Boolean(video) && video.getVideoPlaybackQuality().totalVideoFrames > 2;
	})()`)
	ada.do(chromedp.Click("#leave"))
	viewer.until("the speaker is gone", "document.querySelector('#speakers li') === null")
}
