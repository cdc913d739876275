package room

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/pion/sdp/v3"

	"podium/internal/formats"
	"podium/stage"
)

// checkCodec says why no format of the section can be carried, or nil.
func checkCodec(m *sdp.MediaDescription, kind stage.Media) *problem {
	one := sdp.SessionDescription{MediaDescriptions: []*sdp.MediaDescription{m}}
	var offered []string
	for _, format := range m.MediaName.Formats {
		number, err := strconv.ParseUint(format, 10, 7)
		if err != nil {
			return refuse(http.StatusBadRequest, "The offer's %s section has the format %q, which is no payload type.", kind, format)
		}
		codec, err := one.GetCodecForPayloadType(uint8(number))
		if err != nil {
			continue
		}
		if carried(codec, kind) {
			return nil
		}
		offered = append(offered, codec.Name)
	}
	need := "Opus at 48 kHz"
	if kind == stage.Video {
		need = "H.264 constrained baseline (profile-level-id 42e0xx) with packetization-mode=1"
	}
	return refuse(http.StatusNotAcceptable, "The offer's %s section has no %s (it has: %s).",
		kind, need, strings.Join(offered, ", "))
}

// carried reports whether codec is the one of the house for kind.
func carried(codec sdp.Codec, kind stage.Media) bool {
	if kind == stage.Audio {
		return strings.EqualFold(codec.Name, "opus") && codec.ClockRate == formats.Opus.ClockRate
	}
	return strings.EqualFold(codec.Name, "H264") && codec.ClockRate == formats.H264.ClockRate && constrainedBaseline(codec.Fmtp)
}

// constrainedBaseline reads an H.264 fmtp line (RFC 6184, 8.1). The level, which
// is the last byte of the profile-level-id, need not be the same on both sides.
func constrainedBaseline(fmtp string) bool {
	mode, profile := "", ""
	for _, parameter := range strings.Split(fmtp, ";") {
		key, value, _ := strings.Cut(strings.TrimSpace(parameter), "=")
		switch strings.ToLower(key) {
		case "packetization-mode":
			mode = value
		case "profile-level-id":
			profile = strings.ToLower(value)
		}
	}
	return mode == "1" && len(profile) == 6 && strings.HasPrefix(profile, "42e0")
}
