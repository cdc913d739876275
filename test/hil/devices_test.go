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

// gives is what a device sends that is out of order, or was.
type gives string

const (
	nothing gives = ""
	standIn gives = "a stand-in" // a still picture, or silence
	itself  gives = "itself"     // it is back
)

// deviceFault is one row: a fault of a device on stage, and a second one while the
// first is not over.
type deviceFault struct {
	part          string                 // "camera", "microphone", or "both"
	first, second string                 // what they are, for the table
	away          func(*rig, *testing.T) // before the press; nil: the device is there
	strike, again func(*rig, *testing.T)
	after, last   gives  // what the device gives after the first, and after the second
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
		strike: script(reset), after: itself, again: script(unbindCamera), last: standIn, end: "kick", repair: script(bindCamera),
	},
	{
		part: "camera", first: "is away at the press, and comes back", second: "vanishes and comes back again",
		away: script(unbindCamera), strike: script(bindCamera), after: itself, again: script(unbindCamera, bindCamera), last: itself, end: "cancel",
	},
	{
		part: "microphone", first: "blocks: no sound comes any more", second: "vanishes while it blocks",
		strike: muteCard(true), again: script(unbindCard), last: standIn, end: "cancel", repair: script(bindCard),
	},
	{
		part: "microphone", first: "vanishes", second: "comes back, and vanishes again",
		strike: script(unbindCard), after: standIn, again: script(bindCard, unbindCard), last: standIn, end: "kick", repair: script(bindCard),
	},
	{
		part: "microphone", first: "is away at the press, and comes back", second: "vanishes and comes back again",
		away: script(unbindCard), strike: script(bindCard), after: itself, again: script(unbindCard, bindCard), last: itself, end: "cancel",
	},
	{
		part: "both", first: "the camera vanishes", second: "the microphone vanishes too; both come back",
		strike: script(unbindCamera), after: standIn, again: both(script(unbindCard), (*rig).standsIn, script(bindCamera, bindCard)), last: itself, end: "cancel",
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
	r.othersGoOn(t, f, f.after)
	f.again(r, t)
	if f.last == itself {
		row.There = r.deviceIsBack(t, f)
	}
	r.othersGoOn(t, f, f.last)
	r.stillTrue(t, f)
	e := r.end(t, f.end, from)
	row.ended(e)
	row.Closed = r.closed(t, f, e)
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

// deviceIsBack waits until the fault is over, and tells how long after now.
func (r *rig) deviceIsBack(t *testing.T, f deviceFault) string {
	t.Helper()
	from := r.now(t)
	r.untilStatus(t, "the device's return", func(s status) bool { return len(s.Faults) == 0 && s.isOnAir() })
	took := r.now(t) - from
	t.Logf("the %s is back in the turn after %.1f s", f.part, took.Seconds())
	if most := 2*time.Second + slow; took > most {
		t.Errorf("the %s was back only after %s", f.part, took)
	}
	return seconds(took)
}

// othersGoOn demands that the device that is well is still heard or seen, and that
// the other one gives what it should.
func (r *rig) othersGoOn(t *testing.T, f deviceFault, other gives) {
	t.Helper()
	if other == itself {
		r.deviceIsBack(t, f)
	}
	from := r.now(t)
	r.wait(t, 900*time.Millisecond)
	packets := r.left(t, from)
	for _, device := range []string{"camera", "microphone"} {
		got, out := len(kind(packets, device)), device == f.part || f.part == "both" && device == "camera"
		switch {
		case !out && got == 0:
			t.Errorf("the %s is silent because of the other", device)
		case out && other == nothing && got > 0:
			t.Errorf("%d packets of the %s, which gives nothing", got, device)
		case out && other != nothing && got == 0:
			t.Errorf("no packets of the %s, which gives %s", device, other)
		}
	}
}

// standsIn demands of a turn that has lost both devices that something goes out in
// the place of each, and that the lamp says so: packets leave.
func (r *rig) standsIn(t *testing.T) {
	t.Helper()
	r.untilStatus(t, "two stand-ins", func(s status) bool {
		return s.isOnAir() && s.Lamps.Red == "on" && s.fault("camera") != "" && s.fault("microphone") != ""
	})
}

// stillTrue demands that neither fault nor return have changed the turn.
func (r *rig) stillTrue(t *testing.T, f deviceFault) {
	t.Helper()
	s := got[status](t)(r.status())
	if s.Status != "ON_STAGE" || !s.Gate.Open || (len(s.Faults) == 0) != (f.last == itself) {
		t.Errorf("during both faults: %s, gate %+v, faults %v", s, s.Gate, s.Faults)
	}
	if !s.OnAir || s.Lamps.Red != "on" {
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
