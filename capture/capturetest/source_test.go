package capturetest

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pion/webrtc/v4/pkg/media"
	"go.uber.org/goleak"

	"podium/capture"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The fake and the real things have the same methods.
type (
	source interface {
		ReadSample() (media.Sample, error)
		Close() error
	}
	camera interface {
		source
		RequestKeyframe()
	}
)

var (
	_ camera = (*Source)(nil)
	_ camera = (*capture.Video)(nil)
	_ source = (*capture.Audio)(nil)
)

func TestSource(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := NewVideo()
		go s.Push(media.Sample{Data: Keyframe(), Duration: time.Second})
		got, err := s.ReadSample()
		if err != nil || !bytes.Equal(got.Data, Keyframe()) || got.Timestamp.IsZero() {
			t.Errorf("got %v, %v", got, err)
		}
		s.RequestKeyframe()
		if s.Keyframes() != 1 || s.Reads() != 1 || s.Closed() {
			t.Errorf("%d keyframes, %d reads, closed %v", s.Keyframes(), s.Reads(), s.Closed())
		}
		ended := make(chan error)
		go func() {
			_, err := s.ReadSample()
			ended <- err
		}()
		synctest.Wait()
		slow := errors.New("slow")
		s.OnClose(func() error { time.Sleep(time.Second); return slow })
		if err := s.Close(); err != slow {
			t.Errorf("close: %v", err)
		}
		if err := <-ended; err != io.EOF || !s.Closed() || s.Push(media.Sample{}) || s.Close() != nil {
			t.Errorf("after close: %v", err)
		}
	})
}

func TestFail(t *testing.T) {
	s, gone := NewAudio(), errors.New("gone")
	s.Fail(gone)
	for range 2 {
		if _, err := s.ReadSample(); err != gone || s.Push(media.Sample{}) {
			t.Errorf("got %v", err)
		}
	}
}

func TestUnits(t *testing.T) {
	if !bytes.Contains(Keyframe(), []byte{0, 0, 1, 0x65}) && !bytes.Contains(Keyframe(), []byte{0, 0, 1, 0x25}) {
		t.Error("the keyframe has no IDR picture")
	}
	if bytes.Contains(Delta(), []byte{0, 0, 1, 0x65}) || len(Delta()) == 0 || len(OpusSilence()) != 3 {
		t.Error("odd delta or silence")
	}
}
