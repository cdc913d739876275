package publish

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"
)

// checkAnswer says what keeps an answer from carrying all that was offered, one
// section for each of kinds in that order. A server may accept with 201 and
// still reject a codec in its answer: then nobody would see the speaker.
func checkAnswer(text string, kinds []webrtc.RTPCodecType) error {
	var answer sdp.SessionDescription
	if err := answer.UnmarshalString(text); err != nil {
		return &refusal{what: fmt.Sprintf("cannot publish: the server's answer is no SDP: %v", err)}
	}
	if len(answer.MediaDescriptions) != len(kinds) {
		return &refusal{what: fmt.Sprintf("cannot publish: %d media were offered and the server answers %d",
			len(kinds), len(answer.MediaDescriptions))}
	}
	for i, kind := range kinds {
		if problem := checkSection(&answer, answer.MediaDescriptions[i], kind); problem != "" {
			return &refusal{what: fmt.Sprintf("cannot publish: the server %s", problem)}
		}
	}
	return nil
}

func checkSection(answer *sdp.SessionDescription, m *sdp.MediaDescription, kind webrtc.RTPCodecType) string {
	if m.MediaName.Media != kind.String() {
		return fmt.Sprintf("answers %q where %s was offered", m.MediaName.Media, kind)
	}
	_, bundled := m.Attribute("bundle-only")
	if m.MediaName.Port.Value == 0 && !bundled || !hasCodec(m, kind) {
		return fmt.Sprintf("does not take %s: it needs to accept %s %s", kind,
			codecOf(kind).MimeType, codecOf(kind).SDPFmtpLine)
	}
	for _, way := range []string{"inactive", "sendonly"} {
		_, here := m.Attribute(way)
		_, above := answer.Attribute(way)
		if here || above {
			return fmt.Sprintf("does not receive %s: its answer is %s", kind, way)
		}
	}
	return ""
}

// hasCodec reports whether a section takes the codec of kind. Pion itself is
// content with the name alone.
func hasCodec(m *sdp.MediaDescription, kind webrtc.RTPCodecType) bool {
	one := sdp.SessionDescription{MediaDescriptions: []*sdp.MediaDescription{m}}
	_, want, _ := strings.Cut(codecOf(kind).MimeType, "/")
	for _, format := range m.MediaName.Formats {
		number, err := strconv.ParseUint(format, 10, 7)
		if err != nil {
			continue
		}
		codec, err := one.GetCodecForPayloadType(uint8(number))
		if err != nil || !strings.EqualFold(codec.Name, want) {
			continue
		}
		if kind == webrtc.RTPCodecTypeAudio || keepsH264(codec.Fmtp) {
			return true
		}
	}
	return false
}

// keepsH264 reports whether an answer's fmtp keeps what was offered: the answerer
// has to repeat profile and packetization, or leave the codec out (RFC 6184,
// section 8.2.2). What it does not name it is taken to accept, and so is another
// level or a narrower baseline.
func keepsH264(fmtp string) bool {
	for _, parameter := range strings.Split(fmtp, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(parameter), "=")
		switch strings.ToLower(name) {
		case "packetization-mode":
			if value != "1" {
				return false
			}
		case "profile-level-id":
			if !strings.HasPrefix(value, "42") {
				return false
			}
		}
	}
	return true
}
