package service

import (
	"podium/appliance"
	"podium/capture"
	"podium/publish"
	"podium/stage"
)

// devices opens the podium's own camera and microphone for the publisher: only
// after a grant, and anew for each turn.
type devices struct {
	camera     *capture.VideoConfig // nil: the podium has no camera
	microphone *capture.AudioConfig // nil: the podium has no microphone
}

// OpenVideo meets publish.Devices.
func (d devices) OpenVideo() (publish.VideoSource, error) {
	v, err := capture.OpenVideo(*d.camera)
	if err != nil {
		return nil, err // not v: a nil *Video in an interface is not nil
	}
	return v, nil
}

// OpenAudio meets publish.Devices.
func (d devices) OpenAudio() (publish.Source, error) {
	a, err := capture.OpenAudio(*d.microphone)
	if err != nil {
		return nil, err
	}
	return a, nil
}

// transmitter translates between the podium's loop and the publisher.
type transmitter struct {
	publisher *publish.Publisher
	podium    *appliance.Podium
	devices   devices
}

// Open meets appliance.Publisher: what the grant covers and the podium has.
func (t *transmitter) Open(p stage.Place) {
	granted := stage.Turn{Media: p.Media}
	t.publisher.Open(publish.Place{
		URL: p.URL, Token: p.Token,
		Audio: granted.Carries(stage.Audio) && t.devices.microphone != nil,
		Video: granted.Carries(stage.Video) && t.devices.camera != nil,
	})
}

// Close meets appliance.Publisher.
func (t *transmitter) Close() { t.publisher.Close() }
