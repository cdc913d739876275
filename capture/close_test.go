package capture

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pion/webrtc/v4/pkg/media"
)

// opened is what Video and Audio share.
type opened interface {
	ReadSample() (media.Sample, error)
	Info() Info
	Released() <-chan struct{}
	Close() error
}

func openStuck(t *testing.T, kind string, s *stuck) opened {
	t.Helper()
	if kind == "video" {
		c, err := VideoConfig{Width: 64, Height: 64, Device: "stuck", Log: quiet}.withDefaults()
		if err != nil {
			t.Fatal(err)
		}
		v, err := openVideo(c, s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	a, err := openAudio(AudioConfig{Device: "stuck", Log: quiet}, s)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestCloseWhileReadIsBlocked(t *testing.T) {
	for _, kind := range []string{"video", "audio"} {
		for _, closeHangs := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, close hangs %v", kind, closeHangs), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) { closeWhileBlocked(t, kind, closeHangs) })
			})
		}
	}
}

func closeWhileBlocked(t *testing.T, kind string, closeHangs bool) {
	s := &stuck{letGo: make(chan struct{}), reading: make(chan struct{}), closeHangs: closeHangs}
	o := openStuck(t, kind, s)
	ended := make(chan error)
	go func() {
		_, err := o.ReadSample()
		ended <- err
	}()
	<-s.reading
	// What is asked for the status must not wait for a driver.
	if info := o.Info(); info.Encoder == "" {
		t.Errorf("of a device that hangs: %+v", info)
	}
	start := time.Now()
	err := o.Close()
	if passed := time.Since(start); passed != closeLimit || closeLimit >= time.Second {
		t.Errorf("close took %v", passed)
	}
	if err == nil || !strings.Contains(err.Error(), "does not answer") {
		t.Errorf("close of a stuck device: %v", err)
	}
	if err := <-ended; err != io.EOF {
		t.Errorf("the blocked read: %v", err)
	}
	select {
	case <-o.Released():
		t.Error("released while its driver hangs")
	default:
	}
	close(s.letGo) // the driver comes back: the rest is closed after all
	<-o.Released()
	if err := o.Close(); err != nil {
		t.Errorf("close of a device that came back: %v", err)
	}
	if s.opened != 1 || s.closed != 1 {
		t.Errorf("opened %d times, closed %d times", s.opened, s.closed)
	}
}

func TestDeviceErrorIsFinal(t *testing.T) {
	gone := fmt.Errorf("camera X is gone: %w", syscall.ENODEV)
	for _, kind := range []string{"video", "audio"} {
		t.Run(kind, func(t *testing.T) {
			o := openStuck(t, kind, &stuck{err: gone})
			for range 3 {
				if _, err := o.ReadSample(); !errors.Is(err, syscall.ENODEV) {
					t.Errorf("got %v", err)
				}
			}
			if err := o.Close(); err != nil {
				t.Errorf("close: %v", err)
			}
			if _, err := o.ReadSample(); err != io.EOF {
				t.Errorf("after close: %v", err)
			}
		})
	}
}

func TestConfigurationsThatCannotBe(t *testing.T) {
	for _, c := range []VideoConfig{{Width: 641, Height: 480}, {Width: 640}, {Width: 32, Height: 32}, {FrameRate: -1}, {FrameRate: 1000}, {BitRate: 1}, {Width: 8000, Height: 4000}} {
		c.Device = TestDevice
		if _, err := OpenVideo(c); err == nil {
			t.Errorf("no error for %+v", c)
		}
	}
	if _, err := OpenAudio(AudioConfig{Device: TestDevice, BitRate: 100}); err == nil {
		t.Error("no error for 100 bit/s")
	}
}

// A device that is not there is waited for, and says so.
func TestMissingDevices(t *testing.T) {
	v, err := OpenVideo(VideoConfig{Device: "/dev/video-none", Width: 320, Height: 180, Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	if s := sample(t, v); !isKeyframe(s.Data) || !errors.Is(v.Trouble(), syscall.ENOENT) || v.Info().Device != "/dev/video-none" {
		t.Errorf("a missing camera: %v, %+v", v.Trouble(), v.Info())
	}
	a, err := OpenAudio(AudioConfig{Device: "hw:NoSuchCard", Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	if s := sample(t, a); len(s.Data) == 0 || !errors.Is(a.Trouble(), syscall.ENOENT) || a.Info().Device != "hw:NoSuchCard" {
		t.Errorf("a missing microphone: %v, %+v", a.Trouble(), a.Info())
	}
	if err := errors.Join(v.Close(), a.Close()); err != nil {
		t.Error(err)
	}
}
