package room

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/pion/webrtc/v4"

	"podium/stage"
)

func TestCloseWithSessionsOpen(t *testing.T) {
	h := newHall(t, Config{})
	w := h.watch("ada")
	p := newPublisher(h, nil).start(h.admit(turn("ada", 1))).feed()
	w.waitFor(t, 5)
	if err := h.room.Close(); err != nil {
		t.Fatal(err)
	}
	if on := h.aired("ada"); !slices.Equal(on, []bool{true, false}) {
		t.Errorf("on-air reports %v after Close", on)
	}
	for name, pc := range map[string]*webrtc.PeerConnection{"viewer": w.pc, "publisher": p.pc} {
		eventually(t, name+" closed", func() bool { return pc.ConnectionState() == webrtc.PeerConnectionStateClosed })
	}
	if _, err := h.room.Admit(turn("ada", 2)); err == nil {
		t.Error("admitted after Close")
	}
	h.room.Evict("hall", "ada")
	h.want(h.post("any", p.offer), http.StatusServiceUnavailable, "closed")
	if err := h.room.Close(); err != nil {
		t.Errorf("second Close: %v", err)
	}
}

func TestSlotsAreGivenBack(t *testing.T) {
	h := newHall(t, Config{})
	w := h.watch("ada")
	p := newPublisher(h, nil).start(h.admit(turn("ada", 1))).feed()
	w.waitFor(t, 5)
	h.room.Evict("hall", "ada")
	if n := h.slots(); n != 1 {
		t.Errorf("%d slots with a viewer waiting, want 1", n)
	}
	h.want(h.request(http.MethodDelete, w.location, "", "", ""), http.StatusOK)
	h.want(h.request(http.MethodDelete, w.location, "", "", ""), http.StatusNotFound)
	if n := h.slots(); n != 0 {
		t.Errorf("%d slots with nobody there, want 0", n)
	}
	p.silence()
	h.admit(turn("bob", 2))
	h.room.Evict("hall", "bob")
	h.want(h.request(http.MethodPost, "/v1/whep/hall/ada", "", sdpType, "hello"), http.StatusBadRequest)
	if n := h.slots(); n != 0 {
		t.Errorf("%d slots after a grant that nobody used and a bad offer, want 0", n)
	}
}

func TestViewerThatGoesAwayIsForgotten(t *testing.T) {
	h := newHall(t, Config{})
	w := h.watch("ada")
	_ = w.pc.GracefulClose()
	eventually(t, "no slot", func() bool { return h.slots() == 0 })
}

func TestViewersAreLimited(t *testing.T) {
	h := newHall(t, Config{})
	set := func(n int) {
		h.room.mu.Lock()
		defer h.room.mu.Unlock()
		h.room.viewers = n
	}
	set(maxViewers)
	pc := newPeer(h, nil)
	_, err := pc.AddTransceiverFromKind(webrtc.RTPCodecTypeVideo,
		webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly})
	if err != nil {
		t.Fatal(err)
	}
	text := offerOf(t, pc)
	r := h.request(http.MethodPost, "/v1/whep/hall/ada", "", sdpType, text)
	h.want(r, http.StatusServiceUnavailable, "viewers")
	if r.header.Get("Retry-After") == "" {
		t.Error("503 without Retry-After")
	}
	set(0)
	h.want(h.request(http.MethodPost, "/v1/whep/hall/ada", "", sdpType, text), http.StatusCreated)
}

func TestBadViewersOffers(t *testing.T) {
	h := newHall(t, Config{})
	w := h.watch("ada")
	good := w.pc.LocalDescription().SDP
	for name, bad := range map[string]struct {
		body   string
		status int
	}{
		"sends":  {strings.ReplaceAll(good, "a=recvonly", "a=sendonly"), http.StatusUnprocessableEntity},
		"no SDP": {"v=1", http.StatusBadRequest},
		"no ice": {strings.ReplaceAll(good, "a=ice-ufrag", "a=nothing"), http.StatusBadRequest},
		"no 264": {strings.ReplaceAll(good, "H264", "AV1"), http.StatusNotAcceptable},
	} {
		t.Run(name, func(t *testing.T) {
			sub := &hall{TB: t, room: h.room, web: h.web, http: h.http}
			sub.want(sub.request(http.MethodPost, "/v1/whep/hall/ada", "", sdpType, bad.body), bad.status)
		})
	}
	newPublisher(h, nil).start(h.admit(turn("ada", 1))).feed()
	w.waitFor(t, 5) // and nobody was disturbed
}

func TestNamesThatNeedEscaping(t *testing.T) {
	h := newHall(t, Config{})
	at := stage.Turn{Meeting: "große halle/2", UserID: "a b/ü", Number: 1, Media: []stage.Media{stage.Audio}}
	token := h.admit(at)
	p := newPublisher(h, nil, stage.Audio)
	r := h.request(http.MethodPost, "/v1/whip/gro%C3%9Fe%20halle%2F2", token, sdpType, p.offer)
	h.want(r, http.StatusCreated)
	h.want(h.request(http.MethodDelete, r.header.Get("Location"), token, "", ""), http.StatusOK)
}

func TestAnswerIsLiteAndComplete(t *testing.T) {
	h := newHall(t, Config{Announce: []string{"127.0.0.9"}})
	r := h.post(h.admit(turn("ada", 1)), newPublisher(h, nil).offer)
	h.want(r, http.StatusCreated, "a=ice-lite", " 127.0.0.9 ", "typ host", "a=end-of-candidates", "a=setup:", "H264/90000", "opus/48000")
	for _, not := range []string{"127.0.0.1 ", ".local", "srflx"} {
		if strings.Contains(strings.Join(candidateLines(r.body), "\n"), not) {
			t.Errorf("a candidate of the answer has %q:\n%s", not, r.body)
		}
	}
}

func candidateLines(sdp string) []string {
	var lines []string
	for _, line := range strings.Split(sdp, "\r\n") {
		if strings.HasPrefix(line, "a=candidate:") {
			lines = append(lines, line)
		}
	}
	return lines
}
