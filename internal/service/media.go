package service

import (
	"math"
	"sync"
	"time"

	"podium/appliance"
	"podium/capture"
	"podium/internal/trust"
	"podium/publish"
	"podium/stage"
)

// video and audio tell about themselves in the publisher's words.
type (
	video struct{ *capture.Video }
	audio struct{ *capture.Audio }
)

// Info is what publish asks of a source that can say it.
func (v video) Info() publish.Info {
	i := v.Video.Info()
	return publish.Info{Encoder: i.Encoder, Width: i.Width, Height: i.Height, FrameRate: i.FrameRate, BitRate: i.BitRate}
}

// Info is what publish asks of a source that can say it.
func (a audio) Info() publish.Info {
	i := a.Audio.Info()
	return publish.Info{Encoder: i.Encoder, BitRate: i.BitRate, Level: &publish.Level{Peak: i.Level.Peak, RMS: i.Level.RMS}}
}

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
		return nil, err
	}
	return video{v}, nil
}

// OpenAudio meets publish.Devices.
func (d devices) OpenAudio() (publish.Source, error) {
	a, err := capture.OpenAudio(*d.microphone)
	if err != nil {
		return nil, err
	}
	return audio{a}, nil
}

// transmitter translates between the podium's loop and the publisher.
type transmitter struct {
	publisher *publish.Publisher
	podium    *appliance.Podium
	devices   devices

	mu     sync.Mutex
	tracks []stage.Media // of the running publication; never changed in place
}

// Open meets appliance.Publisher: what the grant covers and the podium has.
func (t *transmitter) Open(p stage.Place, until time.Time) {
	granted := stage.Turn{Media: p.Media}
	place := publish.Place{
		URL: p.URL, Token: p.Token,
		Audio: granted.Carries(stage.Audio) && t.devices.microphone != nil,
		Video: granted.Carries(stage.Video) && t.devices.camera != nil,
	}
	t.carry(place)
	t.publisher.Open(place, until)
}

// Renew meets appliance.Publisher.
func (t *transmitter) Renew(until time.Time) { t.publisher.Renew(until) }

// Close meets appliance.Publisher.
func (t *transmitter) Close() {
	t.publisher.Close()
	t.carry(publish.Place{})
}

// carry notes what a place is given.
func (t *transmitter) carry(p publish.Place) {
	tracks := []stage.Media{}
	if p.Audio {
		tracks = append(tracks, stage.Audio)
	}
	if p.Video {
		tracks = append(tracks, stage.Video)
	}
	t.mu.Lock()
	t.tracks = tracks
	t.mu.Unlock()
}

// Media meets appliance.Publisher.
func (t *transmitter) Media() appliance.Media {
	s := t.publisher.Stats()
	t.mu.Lock()
	tracks := t.tracks
	t.mu.Unlock()
	shown := s.Video
	if shown.Encoder == "" {
		shown = s.Audio
	}
	return appliance.Media{
		Closed: closed(s.Closed),
		Tracks: append([]stage.Media{}, tracks...), Packets: s.Packets, Bytes: s.Bytes, Encoder: shown.Encoder,
		Width: shown.Width, Height: shown.Height, FrameRate: shown.FrameRate, BitRate: shown.BitRate, Level: level(s.Audio.Level),
	}
}

// level rounds to tenths: nobody hears more.
func level(l *publish.Level) *appliance.Level {
	if l == nil {
		return nil
	}
	tenths := func(v float64) float64 { return math.Round(v*10) / 10 }
	return &appliance.Level{Peak: tenths(l.Peak), RMS: tenths(l.RMS)}
}

// closedTexts say for a person why the publisher's gate is shut.
var closedTexts = map[publish.Reason]string{
	publish.NotOpened:  "no publication runs",
	publish.PermitOver: "the podium's loop did not say in time that media may go on",
	publish.Closed:     "the publication was closed",
	publish.PlaceLost:  "the publication was lost",
}

func closed(why publish.Reason) *appliance.Reason {
	if why == "" {
		return nil
	}
	return &appliance.Reason{Reason: appliance.Cause(why), Text: closedTexts[why]}
}

// report brings the publisher's events to the loop.
func (t *transmitter) report(e publish.Event) {
	switch e := e.(type) {
	case publish.Flowing:
		t.tell(appliance.Flowing{On: e.On})
	case publish.Fault:
		t.tell(appliance.Fault{Part: e.Device, Text: e.Err.Error()})
	case publish.FaultCleared:
		t.tell(appliance.Fault{Part: e.Device})
	case publish.Lost:
		t.tell(lost(e))
	}
}

func lost(e publish.Lost) appliance.MediaLost {
	return appliance.MediaLost{Why: advised(e.Err), After: e.RetryAfter, Refused: !e.Retry || trust.IsAbout(e.Err)}
}

func (t *transmitter) tell(e appliance.Event) { _ = t.podium.Tell(e) }
