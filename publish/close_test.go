package publish_test

import (
	"sort"
	"testing"
	"time"

	"podium/publish"
)

// closeLimit is the contract of Close.
const closeLimit = time.Second

func closeInTime(t *testing.T, o *owner) {
	t.Helper()
	began := time.Now()
	o.Close()
	if took := time.Since(began); took >= closeLimit {
		t.Errorf("Close took %s", took)
	}
}

// TestNothingLeavesAfterClose counts on the receiver's socket; reports count too.
func TestNothingLeavesAfterClose(t *testing.T) {
	r, o := newReceiver(t), newOwner(t)
	var last []time.Duration
	for range 10 {
		o.openTo(r.url())
		before := len(r.got(video))
		eventually(t, "media", func() bool { return len(r.got(video)) > before+20 })
		open := o.Gate()
		began := time.Now()
		o.Close()
		if open() {
			t.Error("the gate is open after Close")
		}
		rtp := r.settledRTP()
		rtcp := r.tap.rtcp.Load()
		last = append(last, time.Unix(0, r.tap.lastRTP.Load()).Sub(began))
		time.Sleep(100 * time.Millisecond)
		if more := r.tap.rtp.Load() - rtp; more != 0 {
			t.Errorf("%d packets came after Close", more)
		}
		if more := r.tap.rtcp.Load() - rtcp; more != 0 {
			t.Errorf("%d reports came after Close", more)
		}
		eventually(t, "DELETE", func() bool { p, d := r.counts(); return p == d })
		r.hangUp()
	}
	sort.Slice(last, func(i, j int) bool { return last[i] < last[j] })
	t.Logf("from the call of Close to the last packet at the receiver: %v", last)
}

// TestShutGateHoldsWhatIsAskedForAgain: the connection stays up, the devices go
// on, and the server reports every packet as lost.
func TestShutGateHoldsWhatIsAskedForAgain(t *testing.T) {
	r, o := newReceiver(t), newOwner(t)
	o.openTo(r.url())
	eventually(t, "media", func() bool { return len(r.got(video)) > 30 })
	resent := r.resent()
	eventually(t, "a packet sent again while the gate is open", func() bool {
		r.nackNewest()
		return r.resent() > resent
	})

	o.ShutGate()
	rtp, rtcp := r.settledRTP(), r.tap.rtcp.Load()
	camera := o.devices.Cameras()[0]
	samples := camera.Samples()
	eventually(t, "the camera goes on for more than a second, so that reports are due", func() bool {
		r.nackNewest()
		return camera.Samples() > samples+70
	})
	o.Reopen()
	eventually(t, "and after somebody tried to open the gate again", func() bool {
		r.nackNewest()
		return camera.Samples() > samples+90
	})
	if more := r.tap.rtp.Load() - rtp; more != 0 {
		t.Errorf("%d packets came through a shut gate", more)
	}
	if more := r.tap.rtcp.Load() - rtcp; more != 0 {
		t.Errorf("%d reports came through a shut gate", more)
	}
	eventually(t, "not Flowing", func() bool { return !o.flowing() })
}

// TestHangingDevicesDoNotHoldCloseUp: the next publication says what it waits for.
func TestHangingDevicesDoNotHoldCloseUp(t *testing.T) {
	r, o := newReceiver(t), newOwner(t)
	o.openTo(r.url())
	eventually(t, "media", func() bool { return len(r.got(video)) > 5 })
	camera, microphone := o.devices.Cameras()[0], o.devices.Microphones()[0]
	freeCamera, freeMicrophone := camera.Hang(), microphone.Hang()
	defer freeCamera()
	defer freeMicrophone()
	closeInTime(t, o)
	eventually(t, "not Flowing", func() bool { return !o.flowing() })

	o.openTo(r.url())
	eventually(t, "the faults of both devices", func() bool {
		return o.fault(publish.Camera) != nil && o.fault(publish.Microphone) != nil
	})
	if n := len(o.devices.Cameras()); n != 1 {
		t.Errorf("the camera was opened while it was still being closed (%d times)", n)
	}
	closeInTime(t, o) // the same fault again, while the first is not over
	o.openTo(r.url())
	freeCamera()
	freeMicrophone()
	eventually(t, "both devices again", func() bool {
		return o.fault(publish.Camera) == nil && o.fault(publish.Microphone) == nil && o.flowing()
	})
	closeInTime(t, o)
}

func TestHangingServerDoesNotHoldCloseUp(t *testing.T) {
	r, o := newReceiver(t), newOwner(t)
	r.gate = make(chan struct{})
	o.openTo(r.url())
	eventually(t, "the devices are open", func() bool {
		return len(o.devices.Cameras())+len(o.devices.Microphones()) == 2
	})
	closeInTime(t, o)
	eventually(t, "devices closed", o.devices.AllClosed)
	close(r.gate)
	// The session that the late answer made is deleted, and nothing came of it.
	eventually(t, "DELETE", func() bool { posts, deletes := r.counts(); return posts == deletes })
	if n := r.tap.rtp.Load(); n != 0 {
		t.Errorf("%d packets", n)
	}
}

func TestShutdownIsForGood(t *testing.T) {
	r, o := newReceiver(t), newOwner(t)
	o.openTo(r.url())
	eventually(t, "media", func() bool { return len(r.got(audio)) > 5 })
	o.Shutdown()
	if !o.devices.AllClosed() || o.flowing() {
		t.Error("Shutdown returned before all was closed and told")
	}
	if _, deletes := r.counts(); deletes != 1 {
		t.Errorf("%d sessions deleted", deletes)
	}
	opened := len(o.devices.Cameras())
	o.openTo(r.url())
	o.Close()
	o.Shutdown()
	if len(o.devices.Cameras()) != opened {
		t.Error("Open after Shutdown opened the camera")
	}
}

// TestOpenAndCloseInAnyOrder: whatever happened before, closed is closed.
func TestOpenAndCloseInAnyOrder(t *testing.T) {
	r, o := newReceiver(t), newOwner(t)
	for i := range 20 {
		o.openTo(r.url())
		if i%3 == 0 {
			o.openTo(r.url())
		}
		time.Sleep(time.Duration(i) * 5 * time.Millisecond)
		closeInTime(t, o)
		if o.Stats() != (publish.Stats{Closed: publish.NotOpened}) {
			t.Fatal("a publication runs after Close")
		}
	}
	eventually(t, "devices closed", o.devices.AllClosed)
	eventually(t, "every session deleted", func() bool { p, d := r.counts(); return p == d })
	eventually(t, "not Flowing", func() bool { return !o.flowing() })
}
