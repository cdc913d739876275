package room

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"testing"

	"github.com/pion/webrtc/v4"

	"podium/stage"
)

// as has everything of a hall be asked by one participant.
func (h *hall) as(user string) *hall {
	inner := h.web.Config.Handler
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		inner.ServeHTTP(w, r.WithContext(stage.WithViewer(r.Context(), user)))
	}))
	h.Cleanup(web.Close)
	return &hall{TB: h.TB, room: h.room, web: web, http: h.http}
}

func viewOffer(h *hall) string {
	h.Helper()
	pc := newPeer(h, nil)
	if _, err := pc.AddTransceiverFromKind(webrtc.RTPCodecTypeVideo, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly}); err != nil {
		h.Fatal(err)
	}
	return offerOf(h, pc)
}

// A participant has so many views at once; what is refused or over does not count,
// and nobody else is held to it.
func TestViewsOfAParticipant(t *testing.T) {
	h := newHall(t, Config{WatchesPerParticipant: 2})
	eve, kim, offer := h.as("eve"), h.as("kim"), viewOffer(h)
	view := func(who *hall, speaker string) reply {
		return who.request(http.MethodPost, "/v1/whep/hall/"+speaker, "", sdpType, offer)
	}
	for range 3 {
		h.want(eve.request(http.MethodPost, "/v1/whep/hall/ada", "", sdpType, "v=1"), http.StatusBadRequest)
	}
	first := view(eve, "ada")
	h.want(first, http.StatusCreated)
	h.want(view(eve, "bob"), http.StatusCreated)
	third := view(eve, "cat")
	h.want(third, http.StatusTooManyRequests, "limits.watchesPerParticipant")
	if third.header.Get("Retry-After") == "" {
		t.Error("429 without Retry-After")
	}
	h.want(view(kim, "ada"), http.StatusCreated)
	h.want(eve.request(http.MethodDelete, first.header.Get("Location"), "", "", ""), http.StatusOK)
	h.want(view(eve, "cat"), http.StatusCreated)
	h.want(view(eve, "ada"), http.StatusTooManyRequests)
}

// Nobody ends another one's view, whatever they know of it.
func TestAViewIsItsOwners(t *testing.T) {
	h := newHall(t, Config{})
	eve, kim := h.as("eve"), h.as("kim")
	r := eve.request(http.MethodPost, "/v1/whep/hall/ada", "", sdpType, viewOffer(h))
	h.want(r, http.StatusCreated)
	h.want(kim.request(http.MethodDelete, r.header.Get("Location"), "", "", ""), http.StatusNotFound)
	h.want(eve.request(http.MethodDelete, r.header.Get("Location"), "", "", ""), http.StatusOK)
}

// A view whose media never connect is given up, and its place with it.
func TestViewerThatNeverConnectsIsForgotten(t *testing.T) {
	t.Parallel() // it waits for connectLimit
	h := newHall(t, Config{WatchesPerParticipant: 1})
	eve, offer := h.as("eve"), viewOffer(h)
	h.want(eve.request(http.MethodPost, "/v1/whep/hall/ada", "", sdpType, offer), http.StatusCreated)
	h.want(eve.request(http.MethodPost, "/v1/whep/hall/bob", "", sdpType, offer), http.StatusTooManyRequests)
	eventually(t, "no slot", func() bool { return h.slots() == 0 })
	h.want(eve.request(http.MethodPost, "/v1/whep/hall/bob", "", sdpType, offer), http.StatusCreated)
}

// Offers that cannot be answered do not use a token up, but they cost: one token
// pays for so many.
func TestATokenPaysForSoManyOffers(t *testing.T) {
	h := newHall(t, Config{})
	token, good := h.admit(turn("ada", 1, stage.Audio)), newPublisher(h, nil).offer // video is not this turn's
	for range maxTries {
		h.want(h.post(token, good), http.StatusUnprocessableEntity)
	}
	r := h.post(token, good)
	h.want(r, http.StatusTooManyRequests, "stage.publish")
	if r.header.Get("Retry-After") == "" {
		t.Error("429 without Retry-After")
	}
	h.want(h.post(h.admit(turn("ada", 1)), good), http.StatusCreated)
}

// bindingRequest is what ICE begins with (RFC 8489, section 5): a header with the
// magic cookie, and USERNAME, here of a multiple of four bytes.
func bindingRequest(username string) []byte {
	ask := binary.BigEndian.AppendUint16([]byte{0, 1}, uint16(4+len(username)))
	ask = binary.BigEndian.AppendUint32(ask, 0x2112A442)
	ask = append(ask, "transaction1"...)
	ask = binary.BigEndian.AppendUint16(append(ask, 0, 6), uint16(len(username)))
	return append(ask, username...)
}

// Datagrams of strangers, nonsense and STUN alike, make nothing of the room's and
// disturb nobody.
func TestStrangersAtTheMediaPort(t *testing.T) {
	h := newHall(t, Config{})
	w := h.watch("ada")
	newPublisher(h, nil).start(h.admit(turn("ada", 1))).feed()
	w.waitFor(t, 5)
	before := runtime.NumGoroutine()
	for stranger := range 50 {
		conn, err := net.Dial("udp", h.room.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		for n := range 100 {
			junk := make([]byte, 1+n*11)
			_, _ = rand.Read(junk)
			ask := bindingRequest(fmt.Sprintf("x%02d:no%02d", stranger, n))
			for _, datagram := range [][]byte{junk, ask, append([]byte{22, 254, 253}, junk...), append([]byte{128, 102}, junk...)} {
				if _, err := conn.Write(datagram); err != nil && !bytes.Contains([]byte(err.Error()), []byte("refused")) {
					t.Fatal(err)
				}
			}
		}
	}
	have := len(w.packets(stage.Audio))
	eventually(t, "sound goes on", func() bool { return len(w.packets(stage.Audio)) > have+20 })
	if now := runtime.NumGoroutine(); now > before+5 {
		t.Errorf("%d goroutines, %d before", now, before)
	}
	if n := h.slots(); n != 1 {
		t.Errorf("%d slots", n)
	}
}
