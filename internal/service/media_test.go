package service

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"podium/appliance"
	"podium/capture"
	"podium/publish"
	"podium/publish/publishtest"
	"podium/stage"
)

var errTest = errors.New("x")

// watched tells which device is opened.
type watched struct {
	publishtest.Devices
	opened chan string
}

func (w *watched) OpenVideo() (publish.VideoSource, error) {
	w.opened <- publish.Camera
	return w.Devices.OpenVideo()
}

func (w *watched) OpenAudio() (publish.Source, error) {
	w.opened <- publish.Microphone
	return w.Devices.OpenAudio()
}

// TestAGrantOfOneMediumLeavesTheOthersDeviceAlone: it is not even opened, and
// the status says what is carried.
func TestAGrantOfOneMediumLeavesTheOthersDeviceAlone(t *testing.T) {
	release := make(chan struct{})
	place := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer place.Close()
	defer close(release)
	for _, row := range []struct {
		granted stage.Media
		want    string
	}{{stage.Audio, publish.Microphone}, {stage.Video, publish.Camera}} {
		w := &watched{opened: make(chan string, 2)}
		p, err := publish.New(publish.Config{Devices: w})
		if err != nil {
			t.Fatal(err)
		}
		tx := &transmitter{publisher: p, devices: devices{camera: &capture.VideoConfig{}, microphone: &capture.AudioConfig{}}}
		if tracks := tx.Media().Tracks; tracks == nil || len(tracks) != 0 { // null in JSON is no list
			t.Errorf("before the first place the status says %v", tracks)
		}
		tx.Open(stage.Place{URL: place.URL, Token: "t", Media: []stage.Media{row.granted}}, time.Now().Add(time.Hour))
		select {
		case got := <-w.opened:
			if got != row.want {
				t.Errorf("granted %s: the %s was opened", row.granted, got)
			}
		case <-time.After(30 * time.Second):
			t.Fatalf("granted %s: nothing was opened", row.granted)
		}
		if tracks := tx.Media().Tracks; len(tracks) != 1 || tracks[0] != row.granted {
			t.Errorf("granted %s: the status says %v", row.granted, tracks)
		}
		tx.Close()
		p.Shutdown()
		if len(w.opened) > 0 {
			t.Errorf("granted %s: the %s was opened too", row.granted, <-w.opened)
		}
		if tracks := tx.Media().Tracks; len(tracks) != 0 {
			t.Errorf("closed, and the status says %v", tracks)
		}
	}
}

// TestThePublishersWordsReachTheLoop: what a refusal says of the next try counts.
func TestThePublishersWordsReachTheLoop(t *testing.T) {
	for _, row := range []struct {
		e    publish.Lost
		want appliance.MediaLost
	}{
		{publish.Lost{Err: errTest, Retry: true, RetryAfter: time.Second}, appliance.MediaLost{Why: "x", After: time.Second}},
		{publish.Lost{Err: errTest}, appliance.MediaLost{Why: "x", Refused: true}},
	} {
		if got := lost(row.e); got != row.want {
			t.Errorf("%+v is told as %+v", row.e, got)
		}
	}
}
