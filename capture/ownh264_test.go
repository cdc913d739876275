package capture

import (
	"errors"
	"fmt"
	"io"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pion/mediadevices/pkg/prop"
)

// A keyframe with its parameter sets, one without, and a picture that needs it.
var (
	wholeKeyframe = []byte("\x00\x00\x00\x01\x67\x42\xe0\x1f\x00\x00\x00\x01\x68\xce\x00\x00\x01\x65\x88key")
	bareKeyframe  = []byte("\x00\x00\x00\x01\x65\x88bare")
	otherPicture  = []byte("\x00\x00\x00\x01\x41\x9aother")
)

// encodingPlugged is a camera with an encoder of its own, in a socket.
type encodingPlugged struct {
	*plugged
	script [][]byte // what it gives, one every 40 ms; nil: a damaged one
	asked  chan struct{}
}

func (p encodingPlugged) EncodedRecord(want prop.Media, _ int) (unitReader, error) {
	if want.Width > 2000 {
		return nil, errors.New("it does not encode that size")
	}
	p.plugged.every, p.plugged.start = 40*time.Millisecond, time.Now()
	return p, nil
}

func (p encodingPlugged) Read() ([]byte, time.Time, bool, error) {
	if err := p.plugged.tick(); err != nil {
		return nil, time.Time{}, false, err
	}
	unit := p.script[min(p.plugged.n, len(p.script))-1]
	return unit, p.plugged.Captured(), unit == nil, nil
}

func (p encodingPlugged) RequestKeyframe() {
	select {
	case p.asked <- struct{}{}:
	default:
	}
}

func ownVideo(t *testing.T, s *socket, asked chan struct{}, script ...[]byte) *Video {
	t.Helper()
	c, err := VideoConfig{Width: 320, Height: 180, FrameRate: 25, Device: "auto", Log: quiet}.withDefaults()
	if err != nil {
		t.Fatal(err)
	}
	own, err := startOwnH264(c, func(device string) encodingCamera { return encodingPlugged{s.driver(device), script, asked} })
	if err != nil {
		t.Fatal(err)
	}
	v, err := openEncoded(c, own, own.Name(), OwnEncoder)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// What a camera has encoded is sent as it is; what makes no sense is left out, and a
// keyframe is asked for.
func TestCamerasOwnH264(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, asked := &socket{}, make(chan struct{}, 1)
		s.plug("front")
		v := ownVideo(t, s, asked, otherPicture, wholeKeyframe, otherPicture, bareKeyframe, nil, otherPicture, wholeKeyframe, otherPicture)
		want := [][]byte{wholeKeyframe, otherPicture, append(wholeKeyframe[:14:14], bareKeyframe...), wholeKeyframe, otherPicture}
		for i, w := range want {
			if got := sample(t, v); string(got.Data) != string(w) || got.Duration <= 0 {
				t.Errorf("unit %d is %q, want %q", i, got.Data, w)
			}
		}
		select {
		case <-asked:
		default:
			t.Error("no keyframe was asked for")
		}
		v.RequestKeyframe()
		sample(t, v)
		sample(t, v)
		select {
		case <-asked:
		default:
			t.Error("a request for a keyframe did not reach the camera")
		}
		if i := v.Info(); i.Device != "front" || i.Encoder != "camera" || i.PixelFormat != "H264" || v.Trouble() != nil {
			t.Errorf("%+v, %v", i, v.Trouble())
		}
		closeOwn(t, v, s)
	})
}

func closeOwn(t *testing.T, v *Video, s *socket) {
	t.Helper()
	if err := v.Close(); err != nil || s.open != 0 {
		t.Errorf("closed with %v; %d devices are left open", err, s.open)
	}
	if _, err := v.ReadSample(); err != io.EOF {
		t.Errorf("after close: %v", err)
	}
}

// Such a camera too comes back within the turn.
func TestCamerasOwnH264ComesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, asked := &socket{}, make(chan struct{}, 1)
		v := ownVideo(t, s, asked, wholeKeyframe, otherPicture)
		if still := sample(t, v); !isKeyframe(still.Data) || !errors.Is(v.Trouble(), syscall.ENOENT) {
			t.Errorf("a camera that is not there: %v", v.Trouble())
		}
		s.plug("front")
		for string(sample(t, v).Data) != string(wholeKeyframe) {
		}
		s.unplug()
		for v.Trouble() == nil {
			sample(t, v)
		}
		gone := time.Now()
		for range 3 {
			sample(t, v)
		}
		if passed := time.Since(gone); passed > 2*time.Second {
			t.Errorf("three still pictures took %v", passed)
		}
		closeOwn(t, v, s)
	})
}

// With "auto" it is waited for a second; then any other will do.
func TestAnotherCamerasOwnH264TakesOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, asked := &socket{}, make(chan struct{}, 1)
		s.plug("front")
		v := ownVideo(t, s, asked, wholeKeyframe, otherPicture)
		sample(t, v)
		s.unplug()
		s.plug("side")
		lost := time.Now()
		for n := 0; v.Info().Device != "side" && n < 100; n++ {
			sample(t, v)
		}
		if passed := time.Since(lost); passed < ownFirst || passed > 2*time.Second {
			t.Errorf("the other took over after %v", passed)
		}
		closeOwn(t, v, s)
	})
}

func TestCameraThatDoesNotEncode(t *testing.T) {
	s := &socket{}
	s.plug("front")
	_, err := startOwnH264(VideoConfig{Width: 4000, Height: 2000, FrameRate: 30, Device: "front", Log: quiet}, func(device string) encodingCamera {
		return encodingPlugged{s.driver(device), nil, nil}
	})
	if err == nil || s.open != 0 {
		t.Errorf("got %v; %s", err, fmt.Sprint(s.open, " devices are open"))
	}
}
