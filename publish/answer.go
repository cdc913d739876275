package publish

import (
	"fmt"
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
		return fmt.Sprintf("does not take %s: it needs to accept %s", kind, codecOf(kind).MimeType)
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

// hasCodec reports whether a section lists the codec of kind. Pion compares the
// parameters when it binds the track.
func hasCodec(m *sdp.MediaDescription, kind webrtc.RTPCodecType) bool {
	_, want, _ := strings.Cut(codecOf(kind).MimeType, "/")
	for _, a := range m.Attributes {
		if a.Key != "rtpmap" {
			continue
		}
		_, codec, _ := strings.Cut(a.Value, " ")
		name, _, _ := strings.Cut(strings.TrimSpace(codec), "/")
		if strings.EqualFold(name, want) {
			return true
		}
	}
	return false
}
