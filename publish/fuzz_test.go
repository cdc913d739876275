package publish

import (
	"encoding/binary"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"

	"podium/capture/capturetest"
)

func FuzzLink(f *testing.F) {
	f.Add(`<stun:stun.example.net>; rel="ice-server", <turn:a>; username="\"`)
	f.Add(`<turn:turn.example.net?transport=udp>; rel="ice-server"; username="u"; credential="pass\"word,;"; credential-type="password"`)
	f.Add(`;=";,<>`)
	f.Fuzz(func(t *testing.T, header string) {
		servers := iceServers([]string{header})
		if len(servers) > mostServers {
			t.Errorf("%d servers", len(servers))
		}
		for _, s := range servers {
			if !strings.Contains(header, s.URLs[0]) {
				t.Errorf("invented %q", s.URLs[0])
			}
			scheme, _, _ := strings.Cut(strings.ToLower(s.URLs[0]), ":")
			if !slices.Contains([]string{"stun", "stuns", "turn", "turns"}, scheme) || strings.HasPrefix(scheme, "turn") && (s.Username == "" || s.Credential == "") {
				t.Errorf("%+v is taken for a server", s)
			}
		}
		for rest := header; rest != ""; {
			before := len(rest)
			if _, rest = nextLink(rest); len(rest) >= before {
				t.Fatalf("no way forward at %q", rest)
			}
		}
	})
}

// FuzzRetryAfter: no server makes the podium wait for more than mostWait, and none
// for less than nothing.
func FuzzRetryAfter(f *testing.F) {
	for _, text := range []string{"3", "-3", "1048576", "Fri, 31 Dec 9999 23:59:59 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", " 1"} {
		f.Add(text)
	}
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, text string) {
		if wait := retryAfter(text, now); wait < 0 || wait > mostWait {
			t.Errorf("%q makes the podium wait %v", text, wait)
		}
	})
}

// FuzzHasIDR holds the scan of an access unit against its NAL units one by one.
func FuzzHasIDR(f *testing.F) {
	f.Add(capturetest.Keyframe())
	f.Add(capturetest.Delta())
	f.Add([]byte("\x00\x00\x00\x01\x67s\x00\x00\x01\x68p\x00\x00\x01\x65x"))
	f.Add([]byte("\x00\x00\x01\x00\x00\x01\x65"))
	f.Add([]byte("\x00\x00\x01"))
	f.Fuzz(func(t *testing.T, unit []byte) {
		want := false
		for i := 0; i+3 < len(unit); i++ {
			start := unit[i] == 0 && unit[i+1] == 0 && unit[i+2] == 1
			want = want || start && unit[i+3]&0x1f == nalIDR
		}
		if got := hasIDR(slices.Clip(unit)); got != want {
			t.Errorf("%x: %t, want %t", unit, got, want)
		}
	})
}

// FuzzReports reads any RTCP: a keyframe is asked for by a PLI or a FIR (RFC 4585,
// 6.3; RFC 5104, 4.3) and by nothing else.
func FuzzReports(f *testing.F) {
	for _, packet := range []rtcp.Packet{
		&rtcp.PictureLossIndication{MediaSSRC: 7}, &rtcp.FullIntraRequest{MediaSSRC: 7, FIR: []rtcp.FIREntry{{SSRC: 7}}},
		&rtcp.ReceiverReport{Reports: []rtcp.ReceptionReport{{SSRC: 7}}}, &rtcp.TransportLayerNack{Nacks: []rtcp.NackPair{{PacketID: 3}}},
	} {
		data, err := packet.Marshal()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
		f.Add(append(data, data...))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		packets, err := rtcp.Unmarshal(data)
		if err != nil {
			return
		}
		want := false
		for rest := data; len(rest) >= 4; {
			format, kind := rest[0]&0x1f, rest[1]
			want = want || kind == 206 && (format == 1 || format == 4)
			rest = rest[min(len(rest), 4*(1+int(binary.BigEndian.Uint16(rest[2:])))):]
		}
		if got := wantsKeyframe(packets); got != want {
			t.Errorf("%x: %t, want %t", data, got, want)
		}
	})
}

// FuzzAnswer: an answer that is good carries each medium that was offered.
func FuzzAnswer(f *testing.F) {
	sound, picture := section("audio", "9", "opus/48000/2", "recvonly"), section("video", "9", "H264/90000", "recvonly")
	f.Add(answerHead + sound)
	f.Add(answerHead + sound + picture)
	f.Add(answerHead + "a=group:BUNDLE 0 1\r\n" + sound + strings.Replace(picture, "video 9", "video 0", 1) + "a=bundle-only\r\na=fmtp:96 profile-level-id=42e01f;packetization-mode=1\r\n")
	kinds := []webrtc.RTPCodecType{webrtc.RTPCodecTypeAudio, webrtc.RTPCodecTypeVideo}
	f.Fuzz(func(t *testing.T, text string) {
		for n := range kinds {
			err := checkAnswer(text, kinds[:n+1])
			if err != nil && !strings.HasPrefix(err.Error(), "cannot publish: ") {
				t.Errorf("%q is refused with %v", text, err)
			}
			if err == nil {
				wantCarried(t, text, kinds[:n+1])
			}
		}
	})
}

// wantCarried wants a section for each kind, in order, and a codec line of its own.
func wantCarried(t *testing.T, text string, kinds []webrtc.RTPCodecType) {
	t.Helper()
	var answer sdp.SessionDescription
	if err := answer.UnmarshalString(text); err != nil || len(answer.MediaDescriptions) != len(kinds) {
		t.Fatalf("%q is taken for an answer to %v: %v", text, kinds, err)
	}
	for i, m := range answer.MediaDescriptions {
		codec := map[webrtc.RTPCodecType]string{webrtc.RTPCodecTypeAudio: "opus", webrtc.RTPCodecTypeVideo: "h264"}[kinds[i]]
		carries := slices.ContainsFunc(m.Attributes, func(a sdp.Attribute) bool {
			return a.Key == "rtpmap" && strings.Contains(strings.ToLower(a.Value), codec)
		})
		_, inactive := m.Attribute("inactive")
		if m.MediaName.Media != kinds[i].String() || !carries || inactive {
			t.Errorf("%q is taken for an answer to %v", text, kinds)
		}
	}
}
