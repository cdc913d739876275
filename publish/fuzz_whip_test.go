package publish

import (
	"bufio"
	"bytes"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/pion/webrtc/v4"

	"podium/internal/pionlog"
)

const fuzzSecret = "s3cret-token"

// strangers answer each request with the next response of a stream of bytes. It
// looks at what is sent to whom.
type strangers struct {
	t     *testing.T
	from  *bufio.Reader
	first *url.URL
	posts int
}

func (w *strangers) RoundTrip(r *http.Request) (*http.Response, error) {
	shown := strings.Contains(r.URL.String()+r.Header.Get("Authorization"), fuzzSecret)
	downgraded := w.first.Scheme == "https" && r.URL.Scheme == "http"
	if shown && (!strings.EqualFold(r.URL.Host, w.first.Host) || downgraded) {
		w.t.Errorf("the token is shown to %s", r.URL)
	}
	if !isWeb(r.URL) {
		w.t.Errorf("%s goes to %s", r.Method, r.URL)
	}
	if r.Method == http.MethodPost {
		w.posts++
	}
	response, err := http.ReadResponse(w.from, r)
	if err != nil || response.StatusCode < 200 {
		return nil, errors.New("the wire broke")
	}
	return response, nil
}

// FuzzResponse has servers answer the POST of an offer, and the DELETE after it,
// with anything. The token is shown to nobody but the host that it is for,
// redirects come to an end, and what is refused is one line for a person.
func FuzzResponse(f *testing.F) {
	for _, stream := range []string{
		"HTTP/1.1 201 Created\r\nContent-Type: application/sdp\r\nLocation: /s/1\r\nLink: <stun:a.example>; rel=ice-server\r\nContent-Length: 3\r\n\r\nv=0HTTP/1.1 200 OK\r\n\r\n",
		"HTTP/1.1 307 Go\r\nLocation: https://other.example/x\r\nContent-Length: 0\r\n\r\nHTTP/1.1 308 Go\r\nLocation: https://stage.example/y\r\nContent-Length: 0\r\n\r\nHTTP/1.1 201 Created\r\nContent-Type: application/sdp;x=y\r\nLocation: //third.example/s\r\nContent-Length: 1\r\n\r\nx",
		"HTTP/1.1 307 Go\r\nLocation: ?\r\nContent-Length: 0\r\n\r\n" + strings.Repeat("HTTP/1.1 307 Go\r\nLocation: #\r\nContent-Length: 0\r\n\r\n", 9),
		"HTTP/1.1 503 Busy\r\nRetry-After: 3\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n\r\n\x1b[2Jfull\r\n", "HTTP/1.1 201 Created\r\nLocation: ftp://x\r\n\r\n",
		"HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 201 Created\r\nLocation: http://user:pass@stage.example/\r\nContent-Type: \x7f\r\n\r\n",
		"HTTP/1.1 999 What\r\n\r\n", "HTTP/1.1 304 Same\r\n\r\n", "",
	} {
		f.Add([]byte(stream))
	}
	f.Fuzz(func(t *testing.T, stream []byte) {
		const endpoint = "https://stage.example/v1/whip/hall"
		first, err := url.Parse(endpoint)
		if err != nil {
			t.Fatal(err)
		}
		w := &strangers{t: t, from: bufio.NewReader(bytes.NewReader(stream)), first: first}
		c := newWHIP(&http.Client{Transport: w}, "podium/1")
		session, err := c.post(t.Context(), endpoint, fuzzSecret, "offer")
		if w.posts > redirects+1 {
			t.Errorf("%d posts", w.posts)
		}
		if err != nil {
			wantLine(t, err)
		} else if session.answer == "" && session.place == nil || !isWeb(session.place) || len(session.servers) > mostServers || len(session.answer) > largestAnswer {
			t.Errorf("%q is taken for %+v", stream, session)
		}
		if session != nil {
			_ = c.delete(t.Context(), session)
		}
	})
}

// wantLine wants a refusal to be one line that shows no secret.
func wantLine(t *testing.T, err error) {
	t.Helper()
	var r *refusal
	if !errors.As(err, &r) {
		return // of the network: net/http's own word
	}
	if r.retryAfter < 0 || r.retryAfter > mostWait || r.status != 0 && r.status < 200 {
		t.Errorf("refused as %+v", r)
	}
	if text := err.Error(); strings.Contains(text, fuzzSecret) || strings.ContainsFunc(text, func(c rune) bool { return !unicode.IsPrint(c) }) || len(text) > 128<<10 {
		t.Errorf("refused with %.500q", text)
	}
}

// FuzzAccept applies answers to a real offer, on a connection that cannot leave
// the loopback interface: there is an error or none, no packet leaves by a gate
// that is not open, and the connection can be closed in time.
func FuzzAccept(f *testing.F) {
	f.Add(answerTo(f))
	f.Add(answerHead + section("audio", "9", "opus/48000/2", "recvonly") + section("video", "9", "H264/90000", "recvonly"))
	f.Fuzz(func(t *testing.T, answer string) {
		if checkAnswer(answer, bothKinds) != nil {
			return // FuzzAnswer's matter
		}
		g := newGate(time.Now)
		p := loopbackPeer(t, g)
		offer, err := p.offer()
		if err != nil {
			t.Fatal(err)
		}
		if err := p.accept(offer, &whipSession{answer: answer}); err != nil && !strings.HasPrefix(err.Error(), "cannot ") {
			t.Errorf("%q is refused with %v", answer, err)
		}
		began := time.Now()
		p.close()
		if took := time.Since(began); took > 10*time.Second {
			t.Errorf("closing took %v", took)
		}
		if g.packets.Load() > 0 || g.closedFor() != NotOpened {
			t.Errorf("%d packets left by a gate that is closed for %q", g.packets.Load(), g.closedFor())
		}
	})
}

var bothKinds = []webrtc.RTPCodecType{webrtc.RTPCodecTypeAudio, webrtc.RTPCodecTypeVideo}

// loopbackPeer offers sound and picture.
func loopbackPeer(t testing.TB, g *gate) *peer {
	t.Helper()
	logs := pionlog.Factory{Log: slog.New(slog.DiscardHandler)}
	settings := iceSettings(true, logs)
	settings.SetIPFilter(net.IP.IsLoopback)
	var tracks []*track
	for _, kind := range bothKinds {
		one, err := newTrack(codecOf(kind), kind.String())
		if err != nil {
			t.Fatal(err)
		}
		tracks = append(tracks, one)
	}
	p, err := newPeer(g, settings, logs, tracks, func() {})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// answerTo is Pion's own answer to such an offer.
func answerTo(f *testing.F) string {
	f.Helper()
	p := loopbackPeer(f, newGate(time.Now))
	defer p.close()
	offer, err := p.offer()
	if err != nil {
		f.Fatal(err)
	}
	pc, err := webrtc.NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		f.Fatal(err)
	}
	defer func() { _ = pc.GracefulClose() }()
	if err := pc.SetRemoteDescription(offer); err != nil {
		f.Fatal(err)
	}
	answer, err := pc.CreateAnswer(nil)
	if err != nil {
		f.Fatal(err)
	}
	return answer.SDP
}
