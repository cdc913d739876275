package stage_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"podium/stage"
)

func (h *hall) joinOn(device string) (peerID string, joined stage.Joined) {
	h.joined++
	peerID = fmt.Sprintf("ann#%d", h.joined)
	joined, h.last = h.rules.Join(stage.Peer{PeerID: peerID, UserID: "ann", Preset: stage.Presets["podium"], Device: device}, h.now)
	return peerID, joined
}

// lostOn opens a hall in which ann's publishing connection, of a device, is lost; the
// server may have been restarted since.
func lostOn(t *testing.T, device string, restarted bool) (h *hall, lost string) {
	h = newHall(t)
	h.join("boss", "host")
	lost, _ = h.joinOn(device)
	h.bring(lost, "ann", onStage)
	saved := h.last.Saved
	h.lose(lost)
	if restarted {
		h.restart(saved)
	}
	h.wait(lease / 2)
	return h, lost
}

// Who comes while the publisher is away gets the turn, unless it says that it is
// another device.
func TestATwinDoesNotInheritTheTurn(t *testing.T) {
	for _, row := range []struct {
		holder, comes string
		inherits      bool
	}{
		{"a", "b", false}, {"a", "a", true}, {"a", "", true}, {"", "a", true}, {"", "", true},
	} {
		for _, restarted := range []bool{false, true} {
			t.Run(fmt.Sprintf("%q then %q, restarted %v", row.holder, row.comes, restarted), func(t *testing.T) {
				h, lost := lostOn(t, row.holder, restarted)
				comes, joined := h.joinOn(row.comes)
				want, status := comes, onStage
				if !row.inherits {
					want, status = lost, off
				}
				if joined.PublisherPeerID != want {
					t.Errorf("%s holds the turn, want %s", joined.PublisherPeerID, want)
				}
				h.tick(lease / 2)
				h.wantStatus("ann", status)
			})
		}
	}
}

// The twin that came meanwhile does not keep the publisher from its turn.
func TestThePublisherComesBackBesideATwin(t *testing.T) {
	h, _ := lostOn(t, "a", false)
	twin, _ := h.joinOn("b")
	back, joined := h.joinOn("a")
	if joined.PublisherPeerID != back {
		t.Errorf("%s holds the turn, want %s", joined.PublisherPeerID, back)
	}
	h.leave(twin)
	h.tick(10 * lease)
	h.wantStatus("ann", onStage)
	h.wantEvicted()
}

func (h *hall) restart(saved stage.Saved) {
	h.t.Helper()
	data, err := json.Marshal(saved)
	if err == nil {
		saved = stage.Saved{}
		err = json.Unmarshal(data, &saved)
	}
	if err != nil {
		h.t.Fatal(err)
	}
	h.rules = stage.Restore(stage.Options{Name: "hall", Lease: lease, Settings: stage.Settings{StageEnabled: true}}, saved, h.now)
}
