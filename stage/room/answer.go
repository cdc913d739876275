package room

import (
	"context"
	"fmt"
	"net/http"

	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"
)

// answer has pc answer an offer and returns the complete SDP, candidates
// included. prepare, if there is one, runs between the two and adds what is to
// be sent.
func answer(ctx context.Context, pc *webrtc.PeerConnection, o *offer, prepare func() error) (string, *problem) {
	description := webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: o.text}
	if err := pc.SetRemoteDescription(description); err != nil {
		return "", refuse(http.StatusBadRequest, "The offer cannot be used: %v.", err)
	}
	if prepare != nil {
		if err := prepare(); err != nil {
			return "", refuse(http.StatusNotAcceptable, "The offer cannot be answered: %v.", err)
		}
	}
	made, err := pc.CreateAnswer(nil)
	if err != nil {
		return "", refuse(http.StatusNotAcceptable, "The offer cannot be answered: %v.", err)
	}
	gathered := webrtc.GatheringCompletePromise(pc)
	if err := pc.SetLocalDescription(made); err != nil {
		return "", refuse(http.StatusNotAcceptable, "The offer cannot be answered: %v.", err)
	}
	select {
	case <-gathered:
	case <-ctx.Done():
		return "", busy("The server could not list its own addresses in time.")
	}
	text := pc.LocalDescription().SDP
	if err := complete(text); err != nil {
		return "", refuse(http.StatusNotAcceptable, "The offer cannot be answered: %v.", err)
	}
	return text, nil
}

// complete makes sure that the answer rejects no section of the offer: a
// publisher would believe that it is seen.
func complete(text string) error {
	var description sdp.SessionDescription
	if err := description.UnmarshalString(text); err != nil {
		return err
	}
	for _, media := range description.MediaDescriptions {
		if media.MediaName.Port.Value == 0 {
			return fmt.Errorf("no codec of the %s section fits", media.MediaName.Media)
		}
	}
	return nil
}
