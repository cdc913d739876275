package publish_test

import (
	"errors"
	"strings"
	"testing"

	"podium/publish"
)

func TestOneDeviceFailsAndTheOtherGoesOn(t *testing.T) {
	r, o := newReceiver(t), newOwner(t)
	o.openTo(r.url())
	eventually(t, "media", func() bool { return len(r.got(audio)) > 5 && len(r.got(video)) > 5 })
	unplugged := errors.New("camera unplugged")
	o.devices.Cameras()[0].Fail(unplugged)
	eventually(t, "the camera's fault", func() bool { return errors.Is(o.fault(publish.Camera), unplugged) })
	eventually(t, "the camera closed", o.devices.Cameras()[0].Closed)
	n := len(r.got(audio))
	eventually(t, "sound goes on", func() bool { return len(r.got(audio)) > n+20 })
	if !o.flowing() || o.lost() != nil || o.fault(publish.Microphone) != nil {
		t.Errorf("events %v", o.told())
	}
	if n := len(o.devices.Cameras()); n != 1 {
		t.Errorf("the camera was opened %d times", n)
	}
	o.Close()
	o.openTo(r.url())
	eventually(t, "the fault cleared", func() bool { return o.fault(publish.Camera) == nil })
}

func TestNoMicrophone(t *testing.T) {
	r, o := newReceiver(t), newOwner(t)
	missing := errors.New("no microphone found")
	o.devices.Break(nil, missing)
	o.openTo(r.url())
	eventually(t, "a picture", func() bool { return len(r.got(video)) > 20 })
	eventually(t, "the fault", func() bool { return errors.Is(o.fault(publish.Microphone), missing) })
}

func TestNoDeviceAtAll(t *testing.T) {
	r, o := newReceiver(t), newOwner(t)
	o.devices.Break(errors.New("no camera"), errors.New("no microphone"))
	o.openTo(r.url())
	eventually(t, "both faults", func() bool {
		return o.fault(publish.Camera) != nil && o.fault(publish.Microphone) != nil
	})
	eventually(t, "a session all the same", func() bool { p, _ := r.counts(); return p == 1 })
	o.Close()
	if o.flowing() || o.lost() != nil {
		t.Errorf("events %v", o.told())
	}
}

func TestDeviceThatSendsNothing(t *testing.T) {
	r, o := newReceiver(t), newOwner(t)
	o.openTo(r.url())
	eventually(t, "media", func() bool { return len(r.got(audio)) > 5 && len(r.got(video)) > 5 })
	release := o.devices.Cameras()[0].Hang()
	defer release()
	eventually(t, "the fault", func() bool { return o.fault(publish.Camera) != nil })
	if !o.flowing() {
		t.Error("sound ceased with the picture")
	}
	release()
	eventually(t, "the fault cleared", func() bool { return o.fault(publish.Camera) == nil })
}

func TestGrantForSoundOnly(t *testing.T) {
	r, o := newReceiver(t), newOwner(t)
	o.open(publish.Place{URL: r.url(), Audio: true})
	eventually(t, "sound", func() bool { return len(r.got(audio)) > 20 })
	if n := len(o.devices.Cameras()); n != 0 {
		t.Errorf("the camera was opened %d times", n)
	}
}

func TestGrantForNothing(t *testing.T) {
	o := newOwner(t)
	o.open(publish.Place{URL: "http://127.0.0.1:1/"})
	eventually(t, "Lost", func() bool { return len(o.lost()) == 1 })
	if l := o.lost()[0]; l.Retry || !strings.Contains(l.Err.Error(), "neither audio nor video") {
		t.Errorf("lost: %+v", l)
	}
}

func TestServerEndsTheConnection(t *testing.T) {
	r, o := newReceiver(t), newOwner(t)
	o.openTo(r.url())
	eventually(t, "Flowing", o.flowing)
	r.hangUp()
	eventually(t, "Lost", func() bool { return len(o.lost()) == 1 })
	if l := o.lost()[0]; !l.Retry || l.Status != 0 {
		t.Errorf("lost: %+v", l)
	}
	if o.flowing() {
		t.Error("Lost was told before the end of the flow")
	}
	eventually(t, "devices closed", o.devices.AllClosed)
	if o.Stats() != (publish.Stats{Closed: publish.PlaceLost}) {
		t.Error("a publication that was lost still runs")
	}
	o.openTo(r.url())
	eventually(t, "Flowing again", o.flowing)
}

func TestUnreachableServer(t *testing.T) {
	o := newOwner(t)
	o.openTo("http://127.0.0.1:1/whip")
	eventually(t, "Lost", func() bool { return len(o.lost()) == 1 })
	if l := o.lost()[0]; !l.Retry || !strings.Contains(l.Err.Error(), "127.0.0.1:1") {
		t.Errorf("lost: %+v", l)
	}
}
