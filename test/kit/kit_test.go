package kit

import (
	"testing"

	"github.com/chromedp/chromedp"

	"podium/test/chromium"
)

// What a person clicks in the vendor's components.
const (
	stageToggle  = "rtk-stage-toggle"
	micToggle    = "rtk-mic-toggle"
	cameraToggle = "rtk-camera-toggle"

	requestsTab = "rtk-sidebar-ui >>> header.mobile-tabs button:nth-last-of-type(3)"
	stageTab    = "rtk-sidebar-ui >>> header.mobile-tabs button:nth-last-of-type(2)"
	viewersTab  = "rtk-sidebar-ui >>> header.mobile-tabs button:nth-last-of-type(1)"

	accept    = "rtk-participants-stage-queue >>> rtk-icon.accept"
	deny      = "rtk-participants-stage-queue >>> rtk-icon.deny"
	acceptAll = "rtk-participants-stage-queue >>> rtk-button.accept-all-button"
	denyAll   = "rtk-participants-stage-queue >>> rtk-button.deny-all-button"
	queueName = "rtk-participants-stage-queue >>> .waiting-participant p.name"

	dialogCancel = "rtk-join-stage >>> .container rtk-button:nth-of-type(1)"
	dialogJoin   = "rtk-join-stage >>> .container rtk-button:nth-of-type(2)"

	menu     = "#trigger rtk-button"
	menuItem = "rtk-menu-list rtk-menu-item" // for a host the one about the stage
	tile     = "rtk-participant-tile >>> video"
)

func status(s string) string { return "meeting.stage.status === '" + s + "'" }

// others is true when the participants have these statuses in a page's list.
func others(user, s string) string {
	return "meeting.participants.byUserId('" + user + "')?.stageStatus === '" + s + "'"
}

func shown(selector string) string  { return "visible(`" + selector + "`)" }
func hidden(selector string) string { return "!visible(`" + selector + "`)" }

// cast is who takes part: two who may ask and a host.
type cast struct{ ada, bob, chair tab }

func enter(t *testing.T, page string) cast {
	t.Helper()
	files := newPages(t)
	s := startStage(t, shortLease, files.origin)
	files.serve(t, s.base, fetch(t, components))
	browser := chromium.Start(t, chromedp.Flag("autoplay-policy", "no-user-gesture-required"))
	person := func(user, name, preset string) tab {
		return open(browser, t, page+"-"+user, files.address(page+".html", s.base, s.token("hall", user, name, preset)))
	}
	c := cast{person("ada", "Ada <b>Lovelace</b>", "podium"), person("bob", "Bob", "podium"), person("chair", "Chair", "host")}
	for _, p := range []tab{c.ada, c.bob, c.chair} {
		p.Until("the components have the meeting", "window.ready === true && "+shown(stageToggle))
	}
	return c
}

// TestComponents goes through everything the stage has by the vendor's own
// buttons.
func TestComponents(t *testing.T) {
	t.Parallel()
	c := enter(t, "parts")
	c.ada.Shot("empty")
	c.chair.Click(requestsTab)

	// Request and cancel.
	c.ada.Click(stageToggle)
	c.chair.Until("the request is listed", "text(`"+queueName+"`) === 'Ada <b>Lovelace</b>'")
	c.ada.Until("it waits", status("REQUESTED_TO_JOIN_STAGE"))
	c.ada.Shot("requested")
	c.chair.Shot("request")
	c.ada.Click(stageToggle)
	c.chair.Until("the request is gone", hidden(queueName))
	c.ada.Until("it is off", status("OFF_STAGE"))

	// Deny.
	c.ada.Click(stageToggle)
	c.chair.Click(deny)
	c.ada.Until("it was turned down", status("OFF_STAGE")+" && heard.some(([, e]) => e === 'stageRequestRejected')")
	c.ada.Until("a toast says so", shown("rtk-notification"))
	c.ada.Shot("denied")

	c.revoke()
	c.joinAndLeave()
	c.inviteAndRemove()
	c.refusal()
	c.queue()
}

// refusal is shown, although the components do not catch it.
func (c cast) refusal() {
	eval[any](c.chair, "meeting.updateSettings({ requestsClosed: true })")
	c.ada.Until("it knows", "meeting.settings.requestsClosed")
	c.ada.Click(stageToggle)
	c.ada.Until("a toast says why", "text(`rtk-notification >>> p`).includes('closed')")
	c.ada.Shot("refused")
	eval[any](c.chair, "meeting.updateSettings({ requestsClosed: false })")
	c.ada.Until("it knows", "!meeting.settings.requestsClosed")
}

// revoke withdraws a grant while the dialog is open: it must not stay.
func (c cast) revoke() {
	c.ada.Click(stageToggle)
	c.chair.Click(accept)
	c.ada.Until("the dialog asks", shown(dialogJoin))
	c.ada.Shot("dialog")
	eval[[]any](c.chair, `meeting.stage.denyAccess(['ada'])`)
	c.ada.Until("the dialog is closed", status("OFF_STAGE")+" && "+hidden(dialogJoin))
}

// joinAndLeave speaks and stops by oneself. Nothing is opened or sent before.
func (c cast) joinAndLeave() {
	t := c.ada.T
	c.ada.Click(stageToggle)
	c.chair.Click(accept)
	c.ada.Until("the dialog asks", shown(dialogJoin))
	if got := eval[int](c.ada, "[meeting.self.audioTrack, meeting.self.videoTrack].filter(Boolean).length"); got != 0 {
		t.Errorf("%d devices are open before the speaker has asked for them", got)
	}
	c.ada.Click(dialogJoin)
	c.ada.Until("it is on stage", status("ON_STAGE")+" && "+hidden(dialogJoin))
	if eval[bool](c.ada, "meeting.self.isPublishing") {
		t.Error("something is sent although camera and microphone are off")
	}
	c.ada.Click(micToggle)
	c.ada.Click(cameraToggle)
	c.ada.Until("both are sent", "meeting.self.audioEnabled && meeting.self.videoEnabled && meeting.meta.mediaState.send.state === 'connected'")
	c.chair.Until("the picture moves in the grid", "moving(`"+tile+"`)")
	c.bob.Until("the picture moves there too", "moving(`"+tile+"`)")
	c.chair.Until("the sound is there", "meeting.participants.byUserId('ada').audioTrack?.readyState === 'live' && meeting.participants.byUserId('ada').audioEnabled")
	c.chair.Shot("onstage")
	c.ada.Shot("onstage")
	c.ada.Click(stageToggle)
	c.ada.Until("it is off, and the devices are closed", status("OFF_STAGE")+" && !meeting.self.audioTrack && !meeting.self.videoTrack")
	c.chair.Until("the tile is gone", hidden(tile))
}

// fromMenu picks what the participants' list offers for somebody. A menu stays
// open after a choice.
func (p tab) fromMenu(user, item string) {
	p.T.Helper()
	row := "@" + user + " "
	p.Until(user+" is in the list", "where(`"+row+menu+"`) !== null")
	if eval[bool](p, "where(`"+row+item+"`) === null") {
		p.Click(row + menu)
	}
	p.Click(row + item)
}

// inviteAndRemove is the participants' menu. An invitation can be declined.
func (c cast) inviteAndRemove() {
	c.chair.Click(viewersTab)
	c.chair.fromMenu("ada", menuItem)
	c.chair.Shot("menu")
	c.ada.Until("it is invited", status("ACCEPTED_TO_JOIN_STAGE")+" && "+shown(dialogCancel))
	c.ada.Click(dialogCancel)
	c.ada.Until("it declined", status("OFF_STAGE")+" && "+hidden(dialogJoin))
	c.chair.Until("the chair knows", others("ada", "OFF_STAGE"))
	c.chair.fromMenu("ada", menuItem)
	c.ada.Click(dialogJoin)
	c.ada.Until("it is on stage", status("ON_STAGE"))
	c.chair.Click(stageTab)
	c.chair.fromMenu("ada", menuItem+".red")
	c.ada.Until("it was removed", status("OFF_STAGE")+" && heard.some(([, e, p]) => e === 'stageRemoved' && p.by === 'chair')")
}

// queue is about several at once: shown in the order in which they asked.
func (c cast) queue() {
	c.chair.Click(requestsTab)
	c.bob.Click(stageToggle)
	c.chair.Until("bob is listed", "text(`"+queueName+"`) === 'Bob'")
	c.ada.Click(stageToggle)
	c.chair.Until("the list has the queue's order", "text(`"+queueName+"`) === 'Bob|Ada <b>Lovelace</b>'")
	c.chair.Shot("queue")
	c.chair.Click(denyAll)
	for _, p := range []tab{c.ada, c.bob} {
		p.Until("it was turned down", status("OFF_STAGE"))
	}
	c.ada.Click(stageToggle)
	c.chair.Until("ada is listed", "text(`"+queueName+"`) === 'Ada <b>Lovelace</b>'")
	c.bob.Click(stageToggle)
	c.chair.Until("the list has the queue's order", "text(`"+queueName+"`) === 'Ada <b>Lovelace</b>|Bob'")
	c.chair.Click(acceptAll)
	for _, p := range []tab{c.ada, c.bob} {
		p.Until("the dialog asks", status("ACCEPTED_TO_JOIN_STAGE")+" && "+shown(dialogJoin))
	}

	// One who waits and is gone is taken off the list.
	c.ada.Click(dialogCancel)
	c.ada.Until("it is off", status("OFF_STAGE")+" && "+hidden(dialogJoin))
	c.ada.Click(stageToggle)
	c.chair.Until("ada is listed", "text(`"+queueName+"`) === 'Ada <b>Lovelace</b>'")
	eval[bool](c.ada, "meeting.close() ?? true")
	c.chair.Until("ada is not listed any more", hidden(queueName))
}

// settings takes another camera while it is on.
func (p tab) settings() {
	p.T.Helper()
	p.Click("rtk-settings-toggle")
	p.Click("rtk-settings >>> aside button:nth-of-type(2)")
	p.Until("it shows the cameras", "all(`rtk-camera-selector >>> option`).length > 0")
	p.Shot("settings")
	before := eval[string](p, "meeting.self.videoTrack.id")
	eval[any](p, `(() => {
		const select = one('rtk-camera-selector >>> select');
		select.dispatchEvent(new Event('change'));
	})()`)
	p.Until("the camera is opened anew", "meeting.self.videoTrack && meeting.self.videoTrack.id !== '"+before+"' && meeting.self.videoEnabled")
	p.Click("rtk-dialog >>> #dismiss-btn")
	p.Until("it is closed", hidden("rtk-settings"))
}

// TestCompleteScreen is the vendor's whole meeting screen.
func TestCompleteScreen(t *testing.T) {
	t.Parallel()
	c := enter(t, "meeting")
	for _, p := range []tab{c.ada, c.chair} {
		p.Until("the screen is there", shown("rtk-controlbar")+" && "+shown("rtk-header"))
	}
	c.chair.Click("rtk-participants-toggle")
	c.chair.Click(requestsTab)
	c.ada.Click(stageToggle)
	c.chair.Click(accept)
	c.ada.Until("the dialog asks", shown(dialogJoin))
	c.ada.Shot("dialog")
	c.ada.Click(dialogJoin)
	c.ada.Until("it is on stage", status("ON_STAGE")+" && "+hidden(dialogJoin))
	c.ada.Click(micToggle)
	c.ada.Click(cameraToggle)
	c.chair.Until("the picture moves", "moving(`"+tile+"`)")
	c.ada.settings()
	c.ada.Until("the own picture moves", "moving(`"+tile+"`)")
	c.ada.Shot("onstage")
	c.chair.Shot("onstage")
	c.chair.Do(chromedp.EmulateViewport(390, 844))
	c.chair.Shot("phone")
	c.ada.Click(stageToggle)
	c.ada.Until("it is off", status("OFF_STAGE"))
	c.ada.Click("rtk-leave-button")
	c.ada.Shot("leave")
	c.ada.Click("rtk-leave-meeting >>> rtk-button[title=Leave]")
	c.ada.Until("the end screen is there", shown("rtk-ended-screen")+" && meeting.self.roomState === 'left'")
	c.chair.Until("the chair sees it leave", "meeting.participants.byUserId('ada') === undefined")
	c.ada.Shot("ended")
}
