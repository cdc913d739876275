package room

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"podium/stage"
)

// badOffers are bodies that must be refused without using a token up.
func badOffers(good, audioOnly string) []struct {
	name, contentType, body string
	status                  int
	words                   []string
} {
	return []struct {
		name, contentType, body string
		status                  int
		words                   []string
	}{
		{"no content type", "", good, 415, []string{sdpType}},
		{"json", "application/json", good, 415, []string{sdpType}},
		{"empty", sdpType, "", 422, []string{"audio"}},
		{"no SDP", sdpType, "hello", 400, []string{"SDP"}},
		{"too large", sdpType, strings.Repeat("a", maxOffer+1), 413, []string{"65536"}},
		{"no media", sdpType, "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n", 422, []string{"audio", "video"}},
		{"data channel", sdpType, audioOnly + "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n", 422, []string{"application"}},
		{"two audio sections", sdpType, audioOnly + audioOnly[strings.Index(audioOnly, "m=audio"):], 422, []string{"audio"}},
		{"receives only", sdpType, strings.ReplaceAll(good, "a=sendonly", "a=recvonly"), 422, []string{"recvonly", "send"}},
		{"no H.264", sdpType, strings.ReplaceAll(good, "H264/90000", "VP8/90000"), 406, []string{"video", "H.264", "VP8"}},
		{"another profile", sdpType, strings.ReplaceAll(good, "42e01f", "640032"), 406, []string{"42e0"}},
		{"another packetization", sdpType, strings.ReplaceAll(good, "packetization-mode=1", "packetization-mode=0"), 406, []string{"packetization-mode=1"}},
		{"no Opus", sdpType, strings.ReplaceAll(good, "opus/48000/2", "PCMU/8000"), 406, []string{"audio", "Opus"}},
		{"no fingerprint", sdpType, strings.ReplaceAll(good, "a=fingerprint", "a=nothing"), 400, nil},
		{"no ICE password", sdpType, strings.ReplaceAll(good, "a=ice-pwd", "a=nothing"), 400, nil},
		{"simulcast", sdpType, strings.Replace(good, "a=sendonly", "a=sendonly\r\na=simulcast:send 1;2", 1), 422, []string{"simulcast"}},
	}
}

func TestRefusedPostDoesNotUseTheTokenUp(t *testing.T) {
	h := newHall(t, Config{})
	token := h.admit(turn("ada", 1))
	p := newPublisher(h, nil)
	audio := newPublisher(h, nil, stage.Audio)
	for _, bad := range badOffers(p.offer, audio.offer) {
		t.Run(bad.name, func(t *testing.T) {
			sub := &hall{TB: t, room: h.room, web: h.web, http: h.http}
			r := sub.request(http.MethodPost, "/v1/whip/hall", token, bad.contentType, bad.body)
			sub.want(r, bad.status, bad.words...)
			if ct := r.header.Get("Content-Type"); !strings.HasPrefix(ct, "text/plain") {
				t.Errorf("answered as %s", ct)
			}
		})
	}
	p.start(token)
	if !strings.HasPrefix(p.location, "/v1/whip/hall/") {
		t.Errorf("Location %q", p.location)
	}
}

func TestAudioTurnRefusesVideo(t *testing.T) {
	h := newHall(t, Config{})
	token := h.admit(turn("ada", 1, stage.Audio))
	h.want(h.post(token, newPublisher(h, nil).offer), http.StatusUnprocessableEntity, "video")
	w := h.watch("ada")
	newPublisher(h, nil, stage.Audio).start(token).feed()
	eventually(t, "sound", func() bool { return len(w.packets(stage.Audio)) > 5 })
}

func TestTokens(t *testing.T) {
	h := newHall(t, Config{})
	good := newPublisher(h, nil).offer
	t.Run("none", func(t *testing.T) {
		r := h.post("", good)
		h.want(r, http.StatusUnauthorized)
		if r.header.Get("WWW-Authenticate") != "Bearer" {
			t.Error("401 without WWW-Authenticate: Bearer")
		}
	})
	t.Run("unknown", func(*testing.T) { h.want(h.post("nonsense", good), http.StatusUnauthorized) })
	t.Run("of another meeting", func(*testing.T) {
		token := h.admit(turn("ada", 1))
		h.want(h.request(http.MethodPost, "/v1/whip/cellar", token, sdpType, good), http.StatusUnauthorized, "meeting")
		h.want(h.post(token, good), http.StatusCreated)
		h.want(h.post(token, good), http.StatusUnauthorized, "used")
	})
	t.Run("replaced by a newer", func(*testing.T) {
		old, young := h.admit(turn("bob", 2)), h.admit(turn("bob", 2))
		h.want(h.post(old, good), http.StatusUnauthorized)
		h.want(h.post(young, good), http.StatusCreated)
	})
	t.Run("of a turn that is over", func(*testing.T) {
		token := h.admit(turn("eve", 3))
		h.room.Evict("hall", "eve")
		h.want(h.post(token, good), http.StatusForbidden, "over")
		h.admit(turn("eve", 4))
		h.want(h.post(token, good), http.StatusForbidden, "over")
	})
	t.Run("of somebody else's session", func(*testing.T) {
		mine, other := h.admit(turn("mia", 5)), h.admit(turn("max", 6))
		r := h.post(mine, good)
		h.want(r, http.StatusCreated)
		place := r.header.Get("Location")
		h.want(h.request(http.MethodDelete, place, "", "", ""), http.StatusUnauthorized)
		h.want(h.request(http.MethodDelete, place, other, "", ""), http.StatusNotFound)
		h.want(h.request(http.MethodDelete, strings.Replace(place, "hall", "cellar", 1), mine, "", ""), http.StatusUnauthorized)
		h.want(h.request(http.MethodDelete, place, mine, "", ""), http.StatusOK)
	})
}

func TestExpiredToken(t *testing.T) {
	h := newHall(t, Config{TokenTTL: time.Nanosecond})
	h.want(h.post(h.admit(turn("ada", 1)), newPublisher(h, nil).offer), http.StatusUnauthorized, "expired")
}

func TestOneOfManyPostsWins(t *testing.T) {
	h := newHall(t, Config{})
	token := h.admit(turn("ada", 1))
	good := newPublisher(h, nil).offer
	codes := make(chan int, 8)
	var all sync.WaitGroup
	for range cap(codes) {
		all.Go(func() { codes <- h.post(token, good).status })
	}
	all.Wait()
	close(codes)
	count := map[int]int{}
	for code := range codes {
		count[code]++
	}
	if count[http.StatusCreated] != 1 || count[http.StatusUnauthorized] != 7 {
		t.Errorf("answers %v, want one 201 and seven 401", count)
	}
}

func TestMethods(t *testing.T) {
	h := newHall(t, Config{})
	for _, path := range []string{"/v1/whip/hall", "/v1/whip/hall/x", "/v1/whep/hall/ada", "/v1/whep/hall/ada/x"} {
		for _, method := range []string{http.MethodGet, http.MethodPut, http.MethodPatch} {
			r := h.request(method, path, "", "", "")
			h.want(r, http.StatusMethodNotAllowed)
			if r.header.Get("Allow") == "" {
				t.Errorf("%s %s: no Allow", method, path)
			}
		}
		r := h.request(http.MethodOptions, path, "", "", "")
		h.want(r, http.StatusNoContent)
		if r.header.Get("Accept-Post") != sdpType || r.header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("OPTIONS %s: %v", path, r.header)
		}
	}
	h.want(h.request(http.MethodGet, "/v1/whip/", "", "", ""), http.StatusNotFound)
}

func TestAdmitNeedsSomebodyAndSomething(t *testing.T) {
	h := newHall(t, Config{})
	for _, bad := range []stage.Turn{
		{UserID: "ada", Media: []stage.Media{stage.Audio}},
		{Meeting: "hall", Media: []stage.Media{stage.Audio}},
		{Meeting: "hall", UserID: "ada"},
		{Meeting: "hall", UserID: "ada", Media: []stage.Media{"smell"}},
	} {
		if _, err := h.room.Admit(bad); err == nil {
			t.Errorf("%+v was admitted", bad)
		}
	}
}
