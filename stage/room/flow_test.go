package room

import (
	"net"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"
	"github.com/pion/webrtc/v4/pkg/media"

	"podium/internal/formats"
	"podium/stage"
)

func TestViewerBeforehandGetsBothKinds(t *testing.T) {
	h := newHall(t, Config{})
	w := h.watch("ada")
	newPublisher(h, nil).start(h.admit(turn("ada", 1))).feed()
	w.waitFor(t, 20)
	if on := h.aired("ada"); !slices.Equal(on, []bool{true}) {
		t.Errorf("on-air reports %v, want one: true", on)
	}
}

func TestViewerAfterwardsAsksForAKeyframe(t *testing.T) {
	h := newHall(t, Config{})
	p := newPublisher(h, nil).start(h.admit(turn("ada", 1))).feed()
	eventually(t, "on air", func() bool { return len(h.aired("ada")) == 1 })
	if n := p.plis.Load(); n != 0 {
		t.Errorf("%d keyframes asked for with nobody watching", n)
	}
	w := h.watch("ada")
	w.waitFor(t, 5)
	eventually(t, "the PLI for the new viewer", func() bool { return p.plis.Load() >= 1 })
	before := p.plis.Load()
	w.sendPLI(t)
	eventually(t, "the viewer's own PLI", func() bool { return p.plis.Load() > before })
}

func TestNewPublicationWithViewersIsAskedForAKeyframe(t *testing.T) {
	h := newHall(t, Config{})
	h.watch("ada")
	p := newPublisher(h, nil).start(h.admit(turn("ada", 1))).feed()
	eventually(t, "the PLI at the start", func() bool { return p.plis.Load() >= 1 })
}

func TestSamplesGoThrough(t *testing.T) {
	h := newHall(t, Config{})
	w := h.watch("ada")
	pc := newPeer(h, nil)
	track, err := webrtc.NewTrackLocalStaticSample(formats.H264, "video", "device")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := pc.AddTransceiverFromTrack(track,
		webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly}); err != nil {
		t.Fatal(err)
	}
	p := &publisher{hall: h, pc: pc, offer: offerOf(t, pc)}
	p.start(h.admit(turn("ada", 1)))
	frame := append([]byte{0, 0, 0, 1, 0x65}, make([]byte, 5000)...) // an IDR slice of four packets
	eventually(t, "fragments at the viewer", func() bool {
		_ = track.WriteSample(media.Sample{Data: frame, Duration: 33 * time.Millisecond})
		return len(w.packets(stage.Video)) > 20
	})
}

func TestSecondTurnContinuesOnTheSameConnection(t *testing.T) {
	h := newHall(t, Config{})
	w := h.watch("ada")
	first := newPublisher(h, nil).start(h.admit(turn("ada", 1))).feed()
	w.waitFor(t, 100)
	h.room.Evict("hall", "ada")
	first.silence()

	ssrc := map[stage.Media]uint32{stage.Audio: w.source(stage.Audio), stage.Video: w.source(stage.Video)}
	old := len(w.packets(stage.Video))
	newPublisher(h, nil).start(h.admit(turn("ada", 2))).feed()
	w.waitFor(t, old+60)
	for _, kind := range []stage.Media{stage.Audio, stage.Video} {
		list := w.packets(kind)
		// A packet that had to be resent comes late; its place is its number.
		origin := list[0].seq - 1000
		slices.SortStableFunc(list, func(a, b got) int { return int(a.seq-origin) - int(b.seq-origin) })
		list = slices.Compact(list)
		for i := 1; i < len(list); i++ {
			if a, b := list[i-1], list[i]; !before(a.seq, b.seq) || int32(b.stamp-a.stamp) <= 0 {
				t.Fatalf("%s: packet %d/%d follows %d/%d", kind, b.seq, b.stamp, a.seq, a.stamp)
			}
		}
		if w.source(kind) != ssrc[kind] {
			t.Errorf("%s: the SSRC changed", kind)
		}
	}
	eventually(t, "three reports", func() bool { return slices.Equal(h.aired("ada"), []bool{true, false, true}) })
}

func TestRepublishingReplacesTheRunningSession(t *testing.T) {
	h := newHall(t, Config{})
	w := h.watch("ada")
	first := newPublisher(h, nil).start(h.admit(turn("ada", 1))).feed()
	w.waitFor(t, 10)

	token := h.admit(turn("ada", 1))
	seen := len(w.packets(stage.Audio))
	w.waitFor(t, seen+10) // the running session goes on
	second := newPublisher(h, nil).start(token).feed()
	eventually(t, "the end of the first session", func() bool {
		return first.pc.ConnectionState() == webrtc.PeerConnectionStateClosed
	})
	w.waitFor(t, len(w.packets(stage.Audio))+20)
	if second.pc.ConnectionState() != webrtc.PeerConnectionStateConnected {
		t.Errorf("the second session is %s", second.pc.ConnectionState())
	}
	h.want(h.request(http.MethodDelete, first.location, first.token, "", ""), http.StatusUnauthorized)
}

func TestVanishedPublisherIsCutAfterTheLease(t *testing.T) {
	h := newHall(t, Config{Lease: time.Second})
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	p := newPublisher(h, conn).start(h.admit(turn("ada", 1))).feed()
	eventually(t, "on air", func() bool { return len(h.aired("ada")) == 1 })
	_ = conn.Close()
	eventually(t, "off air", func() bool { return slices.Equal(h.aired("ada"), []bool{true, false}) })
	eventually(t, "the end of the session", func() bool {
		return h.request(http.MethodDelete, p.location, p.token, "", "").status == http.StatusNotFound
	})
	// The turn goes on: the same speaker may come back.
	newPublisher(h, nil).start(h.admit(turn("ada", 1))).feed()
	eventually(t, "on air again", func() bool { return slices.Equal(h.aired("ada"), []bool{true, false, true}) })
}

func TestPublisherThatNeverConnectsIsCut(t *testing.T) {
	h := newHall(t, Config{Lease: time.Second})
	p := newPublisher(h, nil)
	token := h.admit(turn("ada", 1))
	r := h.post(token, p.offer)
	h.want(r, http.StatusCreated)
	eventually(t, "the end of the session", func() bool {
		return h.request(http.MethodDelete, r.header.Get("Location"), token, "", "").status == http.StatusNotFound
	})
	if on := h.aired("ada"); on != nil {
		t.Errorf("on-air reports %v without media", on)
	}
}

func TestSilenceIsOffAirAndKeepsTheSession(t *testing.T) {
	h := newHall(t, Config{})
	p := newPublisher(h, nil).start(h.admit(turn("ada", 1))).feed()
	eventually(t, "on air", func() bool { return len(h.aired("ada")) == 1 })
	p.silence()
	eventually(t, "off air", func() bool { return slices.Equal(h.aired("ada"), []bool{true, false}) })
	h.want(h.request(http.MethodDelete, p.location, p.token, "", ""), http.StatusOK)
	h.want(h.request(http.MethodDelete, p.location, p.token, "", ""), http.StatusNotFound)
}

func TestViewerGetsLostPacketsAgain(t *testing.T) {
	h := newHall(t, Config{})
	w := h.watch("ada")
	newPublisher(h, nil).start(h.admit(turn("ada", 1))).feed()
	eventually(t, "a packet for the second time", func() bool {
		w.waitFor(t, len(w.packets(stage.Video))+10)
		w.nackAll(t)
		seen := map[uint32]bool{}
		for _, g := range w.packets(stage.Video) {
			if seen[g.number] {
				return true
			}
			seen[g.number] = true
		}
		return false
	})
}
