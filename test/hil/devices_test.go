//go:build hil

package hil

import (
	"strings"
	"testing"
	"time"

	"podium/test/hil/guestapi"
)

// The podium's devices and what can go wrong with them in this machine.
const (
	cameraNode = "/dev/video0"
	cardNode   = "/dev/snd/pcmC0D1c"

	unbindCamera = "echo vivid.0 >/sys/bus/platform/drivers/vivid/unbind"
	bindCamera   = "echo vivid.0 >/sys/bus/platform/drivers/vivid/bind"
	unbindCard   = "timeout 20 bash -c 'echo snd_aloop.0 >/sys/bus/platform/drivers/snd_aloop/unbind'"
	bindCard     = "echo snd_aloop.0 >/sys/bus/platform/drivers/snd_aloop/bind"

	noFrames  = "v4l2-ctl -d /dev/video0 -c percentage_of_dropped_buffers=100"
	allFrames = "v4l2-ctl -d /dev/video0 -c percentage_of_dropped_buffers=0"
	reset     = "v4l2-ctl -d /dev/video0 -c disconnect=1"
)

// deviceFault is one row: a fault of a device on stage, and a second one while the
// first is not over.
type deviceFault struct {
	part          string                 // "camera", "microphone", or "both"
	first, second string                 // what they are, for the table
	away          func(*rig, *testing.T) // before the press; nil: the device is there
	strike, again func(*rig, *testing.T)
	end           string // how the turn ends, during the faults: "cancel" or "kick"
	stuck         bool   // its driver lets nobody close it before it is repaired
	repair        func(*rig, *testing.T)
}

// script is a fault that a command makes.
func script(commands ...string) func(*rig, *testing.T) {
	return func(r *rig, t *testing.T) { r.bash(t, strings.Join(commands, " && ")) }
}

func hangCamera(r *rig, t *testing.T) {
	if err := r.Hang(cameraNode); err != nil {
		t.Fatal(err)
	}
}

func freeCamera(r *rig, t *testing.T) {
	if err := r.Unhang(); err != nil {
		t.Fatal(err)
	}
	r.bash(t, allFrames)
}

// pictureComes waits for a picture within the turn.
func pictureComes(r *rig, t *testing.T) {
	from := r.now(t)
	until(t, "a picture", func() (int, error) {
		packets, err := r.Packets(mediaPort, from)
		return len(kind(packets, "camera")), err
	}, func(n int) bool { return n > 3 })
}

func cameraFault(r *rig, t *testing.T) {
	r.untilStatus(t, "the fault again", func(s status) bool { return s.fault("camera") != "" })
}

func muteCard(on bool) func(*rig, *testing.T) {
	return func(r *rig, t *testing.T) {
		if err := r.Pause("podium", cardNode, on); err != nil {
			t.Fatal(err)
		}
	}
}

func both(faults ...func(*rig, *testing.T)) func(*rig, *testing.T) {
	return func(r *rig, t *testing.T) {
		for _, f := range faults {
			f(r, t)
		}
	}
}

var deviceFaults = []deviceFault{
	{
		part: "camera", first: "blocks: no frame comes any more", second: "its driver hangs in every call",
		strike: script(noFrames), again: hangCamera, end: "cancel", stuck: true, repair: freeCamera,
	},
	{
		part: "camera", first: "blocks as it is opened: its driver hangs in every call", second: "goes on, and hangs again",
		away: hangCamera, again: both(freeCamera, pictureComes, hangCamera, cameraFault), end: "kick", stuck: true, repair: freeCamera,
	},
	{
		part: "camera", first: "vanishes, and is back at once", second: "vanishes for good",
		strike: script(reset), again: script(unbindCamera), end: "kick", repair: script(bindCamera),
	},
	{
		part: "camera", first: "is away at the press, and comes back", second: "vanishes and comes back again",
		away: script(unbindCamera), strike: script(bindCamera), again: script(unbindCamera, bindCamera), end: "cancel",
	},
	{
		part: "microphone", first: "blocks: no sound comes any more", second: "vanishes while it blocks",
		strike: muteCard(true), again: script(unbindCard), end: "cancel", repair: script(bindCard),
	},
	{
		part: "microphone", first: "vanishes", second: "comes back, and vanishes again",
		strike: script(unbindCard), again: script(bindCard, unbindCard), end: "kick", repair: script(bindCard),
	},
	{
		part: "microphone", first: "is away at the press, and comes back", second: "vanishes and comes back again",
		away: script(unbindCard), strike: script(bindCard), again: script(unbindCard, bindCard), end: "cancel",
	},
	{
		part: "both", first: "the camera vanishes", second: "the microphone vanishes too; both come back",
		strike: script(unbindCamera), again: both(script(unbindCard), (*rig).silentTurn, script(bindCamera, bindCard)), end: "cancel",
	},
}

// deviceRow plays one row and records it.
func (r *rig) deviceRow(t *testing.T, f deviceFault) {
	row := faultRow{Fault: f.part + " " + f.first, Again: f.second, End: f.end}
	if f.part == "both" {
		row.Fault = f.first
	}
	var from time.Duration
	if f.away == nil {
		from, _, _ = r.wholeTurn(t)
		f.strike(r, t)
	} else {
		f.away(r, t)
		from = r.begin(t)
	}
	struck := r.now(t)
	part := f.part
	if part == "both" {
		part = "camera"
	}
	s := r.untilStatus(t, "the fault", func(s status) bool { return s.fault(part) != "" && s.isOnAir() })
	row.Says, row.Status, row.Lamp = s.fault(part), s.Status, "red "+s.Lamps.Red
	t.Logf("told %.1f s after it struck", (r.now(t) - struck).Seconds())
	if f.away != nil && f.strike != nil {
		f.strike(r, t)
	}
	r.otherGoesOn(t, f.part)
	f.again(r, t)
	if f.part != "both" {
		r.otherGoesOn(t, f.part)
	}
	r.stillTrue(t, f)
	e := r.end(t, f.end, from)
	row.ended(e)
	row.Closed = r.closed(t, f, e)
	if f.part == "both" {
		row.Lamp += ", slow once nothing leaves"
	}
	row.truth(r.redIsTrue(t, from))
	if f.repair != nil {
		f.repair(r, t)
	}
	r.comesBack(t, f, e)
	began, heard, shown := r.wholeTurn(t)
	row.Back = since(began, heard, shown)
	r.end(t, "cancel", began)
	r.untilReleased(t)
	r.record(row)
}

// otherGoesOn demands that the device that is well is still heard or seen, and the
// one that is not is not.
func (r *rig) otherGoesOn(t *testing.T, part string) {
	t.Helper()
	from := r.now(t)
	r.wait(t, 600*time.Millisecond)
	packets := r.left(t, from)
	other := map[string]string{"camera": "microphone", "microphone": "camera", "both": "microphone"}[part]
	if len(kind(packets, other)) == 0 {
		t.Errorf("the %s is silent because of the other", other)
	}
	if late := kind(packets, map[string]string{"microphone": "camera", "camera": "microphone"}[other]); len(late) > 0 {
		t.Errorf("%d packets of the device that is out of order", len(late))
	}
}

// silentTurn demands of a turn of which nothing leaves that the lamp says so.
func (r *rig) silentTurn(t *testing.T) {
	t.Helper()
	r.untilStatus(t, "silent", func(s status) bool {
		return s.Status == "ON_STAGE" && !s.OnAir && s.Lamps.Red == "slow" && s.fault("camera") != "" && s.fault("microphone") != ""
	})
}

// stillTrue demands that neither fault nor return have changed the turn.
func (r *rig) stillTrue(t *testing.T, f deviceFault) {
	t.Helper()
	s := got[status](t)(r.status())
	if s.Status != "ON_STAGE" || !s.Gate.Open || len(s.Faults) == 0 {
		t.Errorf("during both faults: %s, gate %+v", s, s.Gate)
	}
	if lit := s.Lamps.Red == "on"; lit != (f.part != "both") || s.OnAir != lit {
		t.Errorf("during both faults: %s", s)
	}
}

// closed demands that the devices are closed a second after the end, or that the
// log says which could not be.
func (r *rig) closed(t *testing.T, f deviceFault, e ending) string {
	t.Helper()
	if !f.stuck {
		r.untilReleased(t)
		took := r.now(t) - e.asked
		if took > time.Second+slow {
			t.Errorf("camera and microphone were closed only %s after the end", took)
		}
		return seconds(took)
	}
	p := until(t, "the log tells of the device", func() (guestapi.Process, error) { return r.Process("podium") },
		func(p guestapi.Process) bool { return logged(p.Output, "device="+f.part, "abandoned") })
	t.Logf("told %.1f s after the end: %s", (r.now(t) - e.asked).Seconds(), p)
	return "abandoned, and closed as soon as the driver went on"
}

// logged reports whether a line of a log holds all words.
func logged(text string, words ...string) bool {
	for line := range strings.Lines(text) {
		all := true
		for _, word := range words {
			all = all && strings.Contains(line, word)
		}
		if all {
			return true
		}
	}
	return false
}

// comesBack demands that a device's return opens nothing: not the gate, and not
// the device.
func (r *rig) comesBack(t *testing.T, f deviceFault, e ending) {
	t.Helper()
	r.untilReleased(t)
	r.wait(t, 700*time.Millisecond)
	r.quiet(t, e.last+1, "after the return")
	if s := got[status](t)(r.status()); !s.isOff() || s.Gate.Open {
		t.Errorf("after the return: %s, gate %+v", s, s.Gate)
	}
}
