package room

import (
	"slices"
	"strings"
	"testing"

	"github.com/pion/sdp/v3"
)

// FuzzOffer checks offers without answering them. One that is refused is refused
// for a reason; one that is accepted offers after the check what it offered before,
// and leads the room to no address.
func FuzzOffer(f *testing.F) {
	h := newHall(f, Config{})
	good := newPublisher(h, nil).offer
	f.Add([]byte(good), true)
	f.Add([]byte(strings.ReplaceAll(good, "a=sendonly", "a=recvonly")), false)
	f.Add([]byte(strings.Replace(good, "a=sendonly\r\n", "a=sendonly\r\na=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\na=end-of-candidates\r\n", 1)), true)
	for _, bad := range badOffers(good, good) {
		if len(bad.body) < maxOffer {
			f.Add([]byte(bad.body), true)
		}
	}
	f.Fuzz(func(t *testing.T, body []byte, publishing bool) {
		way := receives
		if publishing {
			way = sends
		}
		o, prob := parseOffer(body, way)
		if prob != nil {
			if o != nil || !slices.Contains([]int{400, 406, 422}, prob.status) || strings.TrimSpace(prob.text) == "" {
				t.Errorf("%q is refused with %+v", body, prob)
			}
			return
		}
		if len(o.kinds) == 0 || len(o.kinds) > 2 || len(o.kinds) == 2 && o.kinds[0] == o.kinds[1] {
			t.Errorf("%q has the kinds %v", body, o.kinds)
		}
		var description sdp.SessionDescription
		if description.UnmarshalString(o.text) != nil {
			return // Pion will not read its own writing either, and the answer is 400
		}
		for _, media := range description.MediaDescriptions {
			if _, leads := media.Attribute("candidate"); leads {
				t.Errorf("%q leads the room to an address", body)
			}
		}
		again, prob := parseOffer([]byte(o.text), way)
		if prob != nil || !slices.Equal(again.kinds, o.kinds) {
			t.Errorf("%q is handed on as %q, and that is refused: %+v", body, o.text, prob)
		}
	})
}
