package room

import (
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v4"

	"podium/internal/formats"
	"podium/stage"
)

func TestNothingIsForwardedAfterEvict(t *testing.T) {
	h := newHall(t, Config{})
	watchers := []*watcher{h.watch("ada"), h.watch("ada"), h.watch("ada")}
	p := newPublisher(h, nil).start(h.admit(turn("ada", 1))).feed()
	bystander := h.watch("bob")
	newPublisher(h, nil).start(h.admit(turn("bob", 2))).feed()
	for _, w := range append(watchers, bystander) {
		w.waitFor(t, 40)
	}

	began := time.Now()
	h.room.Evict("hall", "ada")
	last := p.sent.Load() // whatever is numbered higher was sent after Evict returned
	t.Logf("Evict took %s; last packet sent before its return: %d", time.Since(began), last)

	eventually(t, "the publisher goes on", func() bool { return p.sent.Load() > last+20 })
	// Lost-packet reports now ask for everything the responder still holds.
	for _, w := range watchers {
		w.nackAll(t)
	}
	bystander.waitFor(t, len(bystander.packets(stage.Audio))+50)
	for i, w := range watchers {
		if top := w.highest(); top > last {
			t.Errorf("viewer %d got packet %d, sent after Evict returned at %d", i, top, last)
		}
	}
	eventually(t, "off air at once", func() bool { return slices.Equal(h.aired("ada"), []bool{true, false}) })
	eventually(t, "the publisher's connection closed", func() bool {
		return p.pc.ConnectionState() == webrtc.PeerConnectionStateClosed
	})
	h.want(h.post(p.token, p.offer), http.StatusForbidden, "over")
	h.want(h.request(http.MethodDelete, p.location, p.token, "", ""), http.StatusForbidden)
}

// nackAll reports the newest packets of both kinds as lost.
func (w *watcher) nackAll(t *testing.T) {
	t.Helper()
	for kind, list := range map[stage.Media][]got{stage.Audio: w.packets(stage.Audio), stage.Video: w.packets(stage.Video)} {
		nack := &rtcp.TransportLayerNack{MediaSSRC: w.source(kind)}
		for _, g := range list[len(list)-10:] {
			nack.Nacks = append(nack.Nacks, rtcp.NackPair{PacketID: g.seq})
		}
		if err := w.pc.WriteRTCP([]rtcp.Packet{nack}); err != nil {
			t.Fatal(err)
		}
	}
}

// TestGateHoldsWhileALaneIsShut is the promise of Evict at its narrowest place.
func TestGateHoldsWhileALaneIsShut(t *testing.T) {
	l, err := newLane(stage.Video, formats.H264)
	if err != nil {
		t.Fatal(err)
	}
	passed := func(seq uint16) bool {
		ok := false
		_, _ = l.pass(seq, func() (int, error) { ok = true; return 0, nil })
		return ok
	}
	one, two := &publication{}, &publication{}
	first := l.stream.newest + 1
	if passed(first) {
		t.Error("a lane that nobody owns let a packet through")
	}
	l.open(one)
	if !passed(first) {
		t.Error("the owner's packet was stopped")
	}
	l.stream.newest += 5
	one.cut.Store(true)
	if passed(first + 5) {
		t.Error("a packet of a publication that was cut went on to the next viewer")
	}
	l.shut(one)
	if passed(first + 5) {
		t.Error("a shut lane let a packet through")
	}
	l.open(one)
	if passed(first + 5) {
		t.Error("a publication that was cut opened the lane")
	}
	l.open(two)
	if passed(first + 4) {
		t.Error("a packet of the former turn was let through in the next")
	}
	if !passed(first + 5) {
		t.Error("the new owner's packet was stopped")
	}
	l.shut(one)
	if !passed(first + 5) {
		t.Error("the end of a former publication shut the lane of the present one")
	}
}

// TestShutWaitsForThePacketOnItsWay: on return of shut no send is running.
func TestShutWaitsForThePacketOnItsWay(t *testing.T) {
	l, err := newLane(stage.Audio, formats.Opus)
	if err != nil {
		t.Fatal(err)
	}
	p := &publication{}
	l.open(p)
	inside, release := make(chan struct{}), make(chan struct{})
	var sent, done sync.WaitGroup
	sent.Go(func() {
		_, _ = l.pass(l.stream.floor, func() (int, error) { close(inside); <-release; return 0, nil })
	})
	<-inside
	returned := make(chan struct{})
	done.Go(func() { l.shut(p); close(returned) })
	select {
	case <-returned:
		t.Error("shut returned while a packet was on its way")
	case <-time.After(20 * time.Millisecond):
	}
	close(release)
	<-returned
	sent.Wait()
	done.Wait()
}

func TestEvictCalledWithALockThatOnAirTakes(t *testing.T) {
	var lock sync.Mutex
	calls := make(chan bool, 8)
	h := newHall(t, Config{})
	h.room.air.close()
	h.room.air = startAnnouncer(func(_, _ string, on bool) {
		lock.Lock()
		defer lock.Unlock()
		calls <- on
	})
	newPublisher(h, nil).start(h.admit(turn("ada", 1))).feed()
	if !<-calls {
		t.Fatal("off came before on")
	}
	lock.Lock()
	h.room.Evict("hall", "ada")
	_, err := h.room.Admit(turn("ada", 2))
	lock.Unlock()
	if err != nil {
		t.Fatal(err)
	}
	if <-calls {
		t.Error("on again after Evict")
	}
}

func TestEvictOfStrangersIsNothing(t *testing.T) {
	h := newHall(t, Config{})
	h.room.Evict("hall", "nobody")
	h.room.Evict("", "")
}

func TestNewerTurnCutsTheOlder(t *testing.T) {
	h := newHall(t, Config{})
	p := newPublisher(h, nil).start(h.admit(turn("ada", 3))).feed()
	eventually(t, "on air", func() bool { return len(h.aired("ada")) == 1 })
	h.admit(turn("ada", 4))
	eventually(t, "off air", func() bool { return slices.Equal(h.aired("ada"), []bool{true, false}) })
	h.want(h.post(p.token, p.offer), http.StatusForbidden)
	if _, err := h.room.Admit(turn("ada", 3)); err == nil {
		t.Error("an older turn was admitted while a newer one runs")
	}
}
