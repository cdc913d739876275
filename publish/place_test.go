package publish_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"podium/publish"
)

func TestBusyPlaceIsAskedAgain(t *testing.T) {
	r, o := newReceiver(t), newOwner(t)
	r.busy = 2
	o.openTo(r.url())
	eventually(t, "media", func() bool { return len(r.got(audio)) > 5 })
	if o.lost() != nil {
		t.Errorf("events %v", o.told())
	}
}

func TestPlaceThatStaysBusyIsLost(t *testing.T) {
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "3600")
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	defer web.Close()
	o := newOwner(t)
	o.openTo(web.URL)
	eventually(t, "Lost", func() bool { return len(o.lost()) == 1 })
	if l := o.lost()[0]; !l.Retry || l.Status != http.StatusServiceUnavailable || l.RetryAfter.Seconds() != 3600 {
		t.Errorf("lost: %+v", l)
	}
	eventually(t, "devices closed", o.devices.AllClosed)
}

// TestCodecRejectedInTheAnswer: a 201 whose answer does not take the picture.
func TestCodecRejectedInTheAnswer(t *testing.T) {
	for name, tamper := range map[string]func(string) string{
		"section rejected": func(answer string) string { return strings.Replace(answer, "m=video 9 ", "m=video 0 ", 1) },
		"another codec":    func(answer string) string { return strings.Replace(answer, "H264/90000", "VP8/90000", 1) },
		"another profile": func(answer string) string {
			return strings.Replace(answer, "packetization-mode=1;profile-level-id=42e01f", "packetization-mode=0;profile-level-id=640032", 1)
		},
		"no fingerprint": func(answer string) string { return strings.ReplaceAll(answer, "a=fingerprint", "a=nothing") },
	} {
		t.Run(name, func(t *testing.T) {
			r, o := newReceiver(t), newOwner(t)
			r.tamper = tamper
			o.openTo(r.url())
			eventually(t, "Lost", func() bool { return len(o.lost()) == 1 })
			if l := o.lost()[0]; l.Retry || !strings.Contains(l.Err.Error(), "cannot publish: the server") {
				t.Errorf("lost: %+v", l)
			}
			eventually(t, "DELETE", func() bool { _, d := r.counts(); return d == 1 })
			eventually(t, "devices closed", o.devices.AllClosed)
			if n := r.tap.rtp.Load(); n != 0 {
				t.Errorf("%d packets", n)
			}
		})
	}
}

// TestICEServersOfTheAnswerAreAsked: a STUN server named by Link gets a question.
func TestICEServersOfTheAnswerAreAsked(t *testing.T) {
	stun, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	asked := make(chan struct{})
	go func() {
		defer close(asked)
		_, _, _ = stun.ReadFrom(make([]byte, 1500))
	}()
	t.Cleanup(func() { _ = stun.Close(); <-asked })
	r, o := newReceiver(t), newOwner(t)
	r.link = "<stun:" + stun.LocalAddr().String() + `>; rel="ice-server"`
	o.open(publish.Place{URL: r.url(), Audio: true})
	eventually(t, "sound", func() bool { return len(r.got(audio)) > 5 })
	eventually(t, "a question to the STUN server", func() bool {
		select {
		case <-asked:
			return true
		default:
			return false
		}
	})
}
