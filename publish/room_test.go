package publish_test

import (
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"podium/publish"
	"podium/stage"
	"podium/stage/room"
)

// hall is the house's own media engine.
type hall struct {
	t     *testing.T
	room  *room.Room
	web   *httptest.Server
	onAir atomic.Bool
}

func newHall(t *testing.T) *hall {
	t.Helper()
	h := &hall{t: t}
	var err error
	h.room, err = room.New(room.Config{
		Listen: "127.0.0.1:0", OnAir: func(_, _ string, on bool) { h.onAir.Store(on) },
	})
	if err != nil {
		t.Fatal(err)
	}
	h.web = httptest.NewServer(h.room.WHIP())
	t.Cleanup(func() {
		h.web.Close()
		_ = h.room.Close()
	})
	return h
}

func (h *hall) place(turn uint64) publish.Place {
	h.t.Helper()
	a, err := h.room.Admit(stage.Turn{
		Meeting: "hall", UserID: "ada", Number: turn, Media: []stage.Media{stage.Audio, stage.Video},
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return publish.Place{URL: h.web.URL + "/v1/whip/hall", Token: a.Token, Audio: true, Video: true}
}

func TestWithTheRoom(t *testing.T) {
	h, o := newHall(t), newOwner(t)
	for turn := range uint64(3) {
		o.open(h.place(turn + 1))
		eventually(t, "on air", h.onAir.Load)
		eventually(t, "Flowing", o.flowing)
		o.Close()
		eventually(t, "off air", func() bool { return !h.onAir.Load() })
		eventually(t, "not Flowing", func() bool { return !o.flowing() })
	}
	if l := o.lost(); l != nil {
		t.Errorf("lost: %v", l)
	}
}

func TestEvictedByTheRoom(t *testing.T) {
	h, o := newHall(t), newOwner(t)
	o.open(h.place(1))
	eventually(t, "on air", h.onAir.Load)
	h.room.Evict("hall", "ada")
	eventually(t, "Lost", func() bool { return len(o.lost()) == 1 })
	eventually(t, "devices closed", o.devices.AllClosed)
	if o.flowing() {
		t.Error("packets flow after the eviction")
	}
}

func TestTokenIsUsedOnce(t *testing.T) {
	h, one, two := newHall(t), newOwner(t), newOwner(t)
	place := h.place(1)
	one.open(place)
	eventually(t, "on air", h.onAir.Load)
	two.open(place)
	eventually(t, "Lost", func() bool { return len(two.lost()) == 1 })
	if l := two.lost()[0]; l.Status != http.StatusUnauthorized || !l.Retry {
		t.Errorf("lost: %+v", l)
	}
	if !one.flowing() || one.lost() != nil || two.flowing() {
		t.Error("the first was disturbed, or the second flows")
	}
}
