package publish_test

import (
	"strings"
	"testing"
	"time"

	"podium/publish"
)

// TestNothingLeavesWithoutAPermit: an owner that does not say any more that media
// may go on need do nothing for it to end.
func TestNothingLeavesWithoutAPermit(t *testing.T) {
	r, o := newReceiver(t), newOwner(t)
	place := publish.Place{URL: r.url(), Token: "secret", Audio: true, Video: true}
	until := time.Now().Add(time.Second)
	o.Open(place, until)
	eventually(t, "media", func() bool { return len(r.got(video)) > 5 })
	for range 3 { // as a loop that lives does
		until = until.Add(300 * time.Millisecond)
		o.Renew(until)
	}
	eventually(t, "Lost", func() bool { return len(o.lost()) == 1 })
	if l := o.lost()[0]; !l.Retry || !strings.Contains(l.Err.Error(), "did not say in time") {
		t.Errorf("lost: %+v", l)
	}
	if last := time.Unix(0, r.tap.lastRTP.Load()); last.Before(until.Add(-time.Second)) || last.After(until.Add(time.Second)) {
		t.Errorf("the last packet came %s after the permit's end", last.Sub(until))
	}
	rtp := r.settledRTP()
	o.Renew(time.Now().Add(time.Hour)) // too late
	eventually(t, "devices closed", o.devices.AllClosed)
	if more := r.tap.rtp.Load() - rtp; more != 0 || o.flowing() {
		t.Errorf("%d packets came after the permit's end; flowing: %t", more, o.flowing())
	}
	if got := o.Stats().Closed; got != publish.PermitOver {
		t.Errorf("the gate is closed for %q", got)
	}
	o.openTo(r.url()) // a new publication is another matter
	eventually(t, "media again", o.flowing)
}

// TestOpenedTooLate: a permit that is over when the publication starts lets nothing
// out.
func TestOpenedTooLate(t *testing.T) {
	r, o := newReceiver(t), newOwner(t)
	o.Open(publish.Place{URL: r.url(), Token: "secret", Audio: true, Video: true}, time.Now())
	eventually(t, "Lost", func() bool { return len(o.lost()) == 1 })
	if n := r.tap.rtp.Load(); n != 0 {
		t.Errorf("%d packets", n)
	}
}
