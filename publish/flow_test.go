package publish_test

import (
	"strings"
	"testing"

	"github.com/pion/webrtc/v4"
)

const (
	audio = webrtc.RTPCodecTypeAudio
	video = webrtc.RTPCodecTypeVideo
)

func TestPublicationFromOpenToClose(t *testing.T) {
	r, o := newReceiver(t), newOwner(t)
	if n := len(o.devices.Cameras()) + len(o.devices.Microphones()); n != 0 {
		t.Fatalf("%d devices opened before Open", n)
	}
	o.openTo(r.url())
	eventually(t, "picture and sound", func() bool { return len(r.got(audio)) > 20 && len(r.got(video)) > 20 })
	eventually(t, "Flowing", o.flowing)
	s := o.Stats()
	if s.Packets == 0 || s.Bytes <= s.Packets || s.Video.Width != 640 || s.Audio.Encoder != "fake-opus" || s.Since.IsZero() {
		t.Errorf("stats %+v", s)
	}
	o.Close()
	eventually(t, "not Flowing", func() bool { return !o.flowing() })
	eventually(t, "devices closed", o.devices.AllClosed)
	eventually(t, "DELETE", func() bool { _, d := r.counts(); return d == 1 })
	if s := o.Stats(); s.Packets != 0 {
		t.Errorf("stats after Close: %+v", s)
	}
	if l := o.lost(); l != nil {
		t.Errorf("a publication that was closed was lost: %v", l)
	}
	o.Close()
}

// TestPictureBeginsWithAKeyframe: even when the encoder loses the first requests.
func TestPictureBeginsWithAKeyframe(t *testing.T) {
	r, o := newReceiver(t), newOwner(t)
	r.gate = make(chan struct{})
	o.openTo(r.url())
	eventually(t, "the camera runs ahead of the answer", func() bool {
		c := o.devices.Cameras()
		return len(c) == 1 && c[0].Samples() > 5
	})
	camera := o.devices.Cameras()[0]
	camera.Deafen(2)
	close(r.gate)
	eventually(t, "a picture", func() bool { return len(r.got(video)) > 0 })
	// STAP-A (24) of the parameter sets, or the sets themselves (7), come first.
	if first := r.got(video)[0].head[0] & 0x1f; first != 24 && first != 7 {
		t.Errorf("the first packet is of NAL unit type %d: %q", first, r.got(video)[0].head)
	}
	if n := camera.KeyframeRequests(); n < 3 {
		t.Errorf("a picture after %d requests", n)
	}
}

func TestOfferHasOnlyWhatIsSent(t *testing.T) {
	r, o := newReceiver(t), newOwner(t)
	o.openTo(r.url())
	eventually(t, "the offer", func() bool { p, _ := r.counts(); return p == 1 })
	r.mu.Lock()
	offer := r.offer
	r.mu.Unlock()
	for text, want := range map[string]int{
		"m=audio": 1, "m=video": 1, "a=rtpmap:": 3, "H264/90000": 1, "rtx/90000": 1, "opus/48000/2": 1,
		"a=sendonly": 2, "a=rtcp-mux\r\n": 2, "a=group:BUNDLE": 1, "packetization-mode=1": 1,
		"profile-level-id=42e01f": 1, "a=msid:podium ": 2, "a=candidate": 0,
	} {
		if n := strings.Count(offer, text); n != want {
			t.Errorf("%q is %d times in the offer, want %d", text, n, want)
		}
	}
	if t.Failed() {
		t.Log(offer)
	}
}

func TestRequestForAKeyframeReachesTheCamera(t *testing.T) {
	r, o := newReceiver(t), newOwner(t)
	o.openTo(r.url())
	eventually(t, "a picture", func() bool { return len(r.got(video)) > 10 })
	camera := o.devices.Cameras()[0]
	for range 3 {
		before := camera.KeyframeRequests()
		r.pli()
		eventually(t, "the request", func() bool { return camera.KeyframeRequests() > before })
	}
}

func TestSecondOpenReplacesTheFirst(t *testing.T) {
	one, two, o := newReceiver(t), newReceiver(t), newOwner(t)
	o.openTo(one.url())
	eventually(t, "the first flows", func() bool { return len(one.got(audio)) > 5 })
	o.openTo(two.url())
	eventually(t, "the second flows", func() bool { return len(two.got(audio)) > 5 && len(two.got(video)) > 5 })
	eventually(t, "the first is deleted", func() bool { _, d := one.counts(); return d == 1 })
	if n := len(o.devices.Cameras()); n != 2 {
		t.Errorf("the camera was opened %d times", n)
	}
	if !o.devices.Cameras()[0].Closed() {
		t.Error("the camera was opened again before it was closed")
	}
}
