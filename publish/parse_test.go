package publish

import (
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"
)

func TestICEServers(t *testing.T) {
	stun := webrtc.ICEServer{URLs: []string{"stun:stun.example.net"}}
	turn := webrtc.ICEServer{URLs: []string{"turn:turn.example.net?transport=udp"}, Username: "user", Credential: `pass"word,;`}
	for _, row := range []struct {
		name    string
		headers []string
		want    []webrtc.ICEServer
	}{
		{"none", nil, nil},
		{"as in RFC 9725", []string{
			`<stun:stun.example.net>; rel="ice-server"`,
			`<turn:turn.example.net?transport=udp>; rel="ice-server"; username="user"; credential="pass\"word,;"; credential-type="password"`,
		}, []webrtc.ICEServer{stun, turn}},
		{"in one header, unquoted", []string{
			`</next>;rel=next , <stun:stun.example.net>;rel=ice-server,, junk, <turn:turn.example.net?transport=udp> ; Rel=ice-server; USERNAME=user;credential="pass\"word,;"`,
		}, []webrtc.ICEServer{stun, turn}},
		{"another relation", []string{`<stun:stun.example.net>; rel="preload"`}, nil},
		{"another scheme", []string{`<https://example.net>; rel="ice-server"`}, nil},
		{"turn without credentials", []string{`<turn:turn.example.net>; rel="ice-server"`}, nil},
		{"turn with OAuth", []string{`<turn:t.example.net>; rel="ice-server"; username="u"; credential="c"; credential-type="oauth"`}, nil},
		{"not closed", []string{`<stun:stun.example.net; rel="ice-server"`}, nil},
		{"too many", []string{strings.Repeat(`<stun:stun.example.net>; rel="ice-server", `, 100)},
			[]webrtc.ICEServer{stun, stun, stun, stun, stun, stun, stun, stun}},
	} {
		if got := iceServers(row.headers); !reflect.DeepEqual(got, row.want) {
			t.Errorf("%s: got %+v, want %+v", row.name, got, row.want)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Duration{
		"": 0, "3": 3 * time.Second, "-3": 0, "soon": 0, "99999999999999999999": 0,
		now.Add(time.Minute).Format(http.TimeFormat): time.Minute,
		now.Add(-time.Hour).Format(http.TimeFormat):  0,
	} {
		if got := retryAfter(text, now); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

func TestHasIDR(t *testing.T) {
	for unit, want := range map[string]bool{
		"": false, "\x00\x00\x01": false, "\x65": false,
		"\x00\x00\x01\x65x": true, "\x00\x00\x00\x01\x25x": true,
		"\x00\x00\x00\x01\x41x": false,
		"\x00\x00\x00\x01\x67s\x00\x00\x00\x01\x68p\x00\x00\x01\x65": true,
		"\x00\x00\x00\x01\x67s\x00\x00\x00\x01\x68p\x00\x00\x01":     false,
	} {
		if got := hasIDR([]byte(unit)); got != want {
			t.Errorf("%q: %t", unit, got)
		}
	}
}

// section is a media section of an answer.
func section(kind, port, codec, way string) string {
	return "m=" + kind + " " + port + " UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=rtpmap:96 " + codec + "\r\na=" + way + "\r\n"
}

const answerHead = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"

func TestCheckAnswer(t *testing.T) {
	kinds := []webrtc.RTPCodecType{webrtc.RTPCodecTypeAudio, webrtc.RTPCodecTypeVideo}
	sound := section("audio", "9", "opus/48000/2", "recvonly")
	for _, row := range []struct{ name, answer, complaint string }{
		{"good", answerHead + sound + section("video", "9", "H264/90000", "recvonly"), ""},
		{"lower case, sendrecv", answerHead + sound + section("video", "9", "h264/90000", "sendrecv"), ""},
		{"rejected", answerHead + sound + section("video", "0", "H264/90000", "recvonly"), "does not take video"},
		{"another codec", answerHead + sound + section("video", "9", "VP8/90000", "recvonly"), "H264"},
		{"inactive", answerHead + sound + section("video", "9", "H264/90000", "inactive"), "inactive"},
		{"one missing", answerHead + sound, "answers 1"},
		{"other order", answerHead + section("video", "9", "H264/90000", "recvonly") + sound, "audio was offered"},
		{"no SDP", "<html>", "no SDP"},
	} {
		err := checkAnswer(row.answer, kinds)
		if row.complaint == "" && err != nil || row.complaint != "" && (err == nil || !strings.Contains(err.Error(), row.complaint)) {
			t.Errorf("%s: %v", row.name, err)
		}
	}
}
