package formats

import (
	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"
)

// The formats, and the one in which lost pictures are sent again (RFC 4588).
var (
	Opus = webrtc.RTPCodecCapability{
		MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2,
		SDPFmtpLine: "minptime=10;useinbandfec=1",
	}
	H264 = webrtc.RTPCodecCapability{
		MimeType: webrtc.MimeTypeH264, ClockRate: 90000,
		SDPFmtpLine: "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f",
	}
	resent = webrtc.RTPCodecCapability{
		MimeType: webrtc.MimeTypeRTX, ClockRate: 90000, SDPFmtpLine: "apt=102",
	}
)

// The payload types; resent names h264Type in its parameters.
const (
	opusType   webrtc.PayloadType = 111
	h264Type   webrtc.PayloadType = 102
	resentType webrtc.PayloadType = 103
)

// Register makes the two formats those of a connection, and the only ones: a server files
// a track under the first format of an offer, whatever then arrives. A picture's packets
// may be asked for again, and its keyframes; numbered also has all packets numbered
// through, and their arrivals told (transport-wide congestion control).
func Register(media *webrtc.MediaEngine, numbered bool) error {
	var sound []webrtc.RTCPFeedback
	picture := []webrtc.RTCPFeedback{
		{Type: webrtc.TypeRTCPFBNACK}, {Type: webrtc.TypeRTCPFBNACK, Parameter: "pli"},
		{Type: webrtc.TypeRTCPFBCCM, Parameter: "fir"},
	}
	if numbered {
		arrivals := webrtc.RTCPFeedback{Type: webrtc.TypeRTCPFBTransportCC}
		sound, picture = append(sound, arrivals), append(picture, arrivals)
	}
	for _, f := range []struct {
		format   webrtc.RTPCodecCapability
		feedback []webrtc.RTCPFeedback
		number   webrtc.PayloadType
		kind     webrtc.RTPCodecType
	}{
		{Opus, sound, opusType, webrtc.RTPCodecTypeAudio},
		{H264, picture, h264Type, webrtc.RTPCodecTypeVideo},
	} {
		f.format.RTCPFeedback = f.feedback
		params := webrtc.RTPCodecParameters{RTPCodecCapability: f.format, PayloadType: f.number}
		if err := media.RegisterCodec(params, f.kind); err != nil {
			return err
		}
		if !numbered {
			continue
		}
		if err := media.RegisterHeaderExtension(webrtc.RTPHeaderExtensionCapability{URI: sdp.TransportCCURI}, f.kind); err != nil {
			return err
		}
	}
	return nil
}

// RegisterResent has lost pictures be sent again in a stream of their own.
func RegisterResent(media *webrtc.MediaEngine) error {
	params := webrtc.RTPCodecParameters{RTPCodecCapability: resent, PayloadType: resentType}
	return media.RegisterCodec(params, webrtc.RTPCodecTypeVideo)
}
