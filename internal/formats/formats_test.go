package formats

import (
	"strings"
	"testing"

	"github.com/pion/interceptor"
	"github.com/pion/webrtc/v4"
)

// TestOffers: an offer has the formats of the house and no other.
func TestOffers(t *testing.T) {
	for name, row := range map[string]struct {
		numbered, resent bool
		want             map[string]int // how often a text is in the offer
	}{
		"plain":    {false, false, map[string]int{"a=rtpmap:": 2, "transport-cc": 0, "nack": 2, "ccm fir": 1, "transport-wide-cc": 0}},
		"resent":   {false, true, map[string]int{"a=rtpmap:": 3, "rtpmap:103 rtx/90000": 1, "fmtp:103 apt=102": 1}},
		"numbered": {true, false, map[string]int{"a=rtpmap:": 2, "transport-cc": 2, "nack": 2, "transport-wide-cc": 2}},
		"all":      {true, true, map[string]int{"111 opus/48000/2": 1, "102 H264/90000": 1, "packetization-mode=1": 1, "profile-level-id=42e01f": 1}},
	} {
		offer := offer(t, row.numbered, row.resent)
		for text, n := range row.want {
			if got := strings.Count(offer, text); got != n {
				t.Errorf("%s: %q is in the offer %d times, want %d:\n%s", name, text, got, n, offer)
			}
		}
	}
}

func offer(t *testing.T, numbered, again bool) string {
	t.Helper()
	media := &webrtc.MediaEngine{}
	if err := Register(media, numbered); err != nil {
		t.Fatal(err)
	}
	if again {
		if err := RegisterResent(media); err != nil {
			t.Fatal(err)
		}
	}
	pc, err := webrtc.NewAPI(webrtc.WithMediaEngine(media), webrtc.WithInterceptorRegistry(&interceptor.Registry{})).NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = pc.GracefulClose() }()
	for _, kind := range []webrtc.RTPCodecType{webrtc.RTPCodecTypeAudio, webrtc.RTPCodecTypeVideo} {
		if _, err := pc.AddTransceiverFromKind(kind, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly}); err != nil {
			t.Fatal(err)
		}
	}
	sdp, err := pc.CreateOffer(nil)
	if err != nil {
		t.Fatal(err)
	}
	return sdp.SDP
}
