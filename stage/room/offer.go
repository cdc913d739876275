package room

import (
	"errors"
	"io"
	"mime"
	"net/http"

	"github.com/pion/sdp/v3"

	"podium/stage"
)

// sdpType is the only media type of WHIP and WHEP bodies.
const sdpType = "application/sdp"

// offer is a client's offer after all checks.
type offer struct {
	text  string        // what Pion is to answer
	kinds []stage.Media // one section each, in the offer's order
}

// sense is the direction that an offer must have.
type sense struct {
	direction string // the attribute that means this one direction only
	verb      string // for the sentence when it is missing
}

var (
	sends    = sense{"sendonly", "send"}
	receives = sense{"recvonly", "receive"}
)

// readOffer reads and checks the body of a POST.
func readOffer(w http.ResponseWriter, req *http.Request, s sense) (*offer, *problem) {
	kind, _, err := mime.ParseMediaType(req.Header.Get("Content-Type"))
	if err != nil || kind != sdpType {
		return nil, refuse(http.StatusUnsupportedMediaType, "The Content-Type must be %s.", sdpType)
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, req.Body, maxOffer))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, refuse(http.StatusRequestEntityTooLarge, "The offer is larger than %d bytes.", maxOffer)
	case err != nil:
		return nil, refuse(http.StatusBadRequest, "The offer could not be read to its end.")
	}
	return parseOffer(body, s)
}

// parseOffer checks an SDP offer: at most one audio and one video section, each
// going the right way and with the codec that this engine carries.
func parseOffer(body []byte, s sense) (*offer, *problem) {
	var description sdp.SessionDescription
	if err := description.Unmarshal(body); err != nil {
		return nil, refuse(http.StatusBadRequest, "The body is not an SDP offer: %v.", err)
	}
	o := &offer{}
	for _, media := range description.MediaDescriptions {
		kind, prob := o.section(&description, media, s)
		if prob != nil {
			return nil, prob
		}
		o.kinds = append(o.kinds, kind)
		dropCandidates(media)
	}
	if len(o.kinds) == 0 {
		return nil, refuse(http.StatusUnprocessableEntity, "The offer has neither an audio nor a video section.")
	}
	text, err := description.Marshal()
	if err != nil {
		return nil, refuse(http.StatusBadRequest, "The offer cannot be used: %v.", err)
	}
	o.text = string(text)
	return o, nil
}

// section checks one media section and returns its kind.
func (o *offer) section(d *sdp.SessionDescription, m *sdp.MediaDescription, s sense) (stage.Media, *problem) {
	kind := stage.Media(m.MediaName.Media)
	if kind != stage.Audio && kind != stage.Video {
		return "", refuse(http.StatusUnprocessableEntity,
			"The offer has a section %q; only audio and video are carried.", m.MediaName.Media)
	}
	if o.has(kind) {
		return "", refuse(http.StatusUnprocessableEntity, "The offer has more than one %s section.", kind)
	}
	if _, bundled := m.Attribute("bundle-only"); m.MediaName.Port.Value == 0 && !bundled {
		return "", refuse(http.StatusUnprocessableEntity, "The offer's %s section is switched off (port 0).", kind)
	}
	if _, simulcast := m.Attribute("simulcast"); simulcast {
		return "", refuse(http.StatusUnprocessableEntity, "The offer's %s section asks for simulcast, which is not carried.", kind)
	}
	if way := direction(d, m); way != s.direction && way != "sendrecv" {
		return "", refuse(http.StatusUnprocessableEntity,
			"The offer's %s section is %s; the client has to %s here.", kind, way, s.verb)
	}
	return kind, checkCodec(m, kind)
}

func (o *offer) has(kind stage.Media) bool {
	for _, k := range o.kinds {
		if k == kind {
			return true
		}
	}
	return false
}

// direction is the section's, or the session's, or the default of RFC 8866.
func direction(d *sdp.SessionDescription, m *sdp.MediaDescription) string {
	for _, way := range []string{"sendonly", "recvonly", "inactive", "sendrecv"} {
		if _, ok := m.Attribute(way); ok {
			return way
		}
	}
	for _, way := range []string{"sendonly", "recvonly", "inactive"} {
		if _, ok := d.Attribute(way); ok {
			return way
		}
	}
	return "sendrecv"
}

// dropCandidates removes the client's addresses: a lite agent answers where
// checks come from and sends none, so nobody can make it talk to a third party.
func dropCandidates(m *sdp.MediaDescription) {
	kept := m.Attributes[:0]
	for _, a := range m.Attributes {
		if a.Key != "candidate" && a.Key != "end-of-candidates" && a.Key != "remote-candidates" {
			kept = append(kept, a)
		}
	}
	m.Attributes = kept
}
