package capture

import (
	"errors"
	"fmt"
	"image"
	"io"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pion/mediadevices/pkg/prop"
	"github.com/pion/mediadevices/pkg/wave"
	"pgregory.net/rapid"
)

var cameraFormat = prop.Media{Video: prop.Video{Width: 320, Height: 180, FrameRate: 25}}

func keptCameraOn(t *testing.T, s *socket, device string) (*keptCamera, *keptReader) {
	t.Helper()
	c := keepCamera(VideoConfig{Device: device, Log: quiet}, func(wanted string) camera { return s.driver(wanted) })
	r, err := c.VideoRecord(cameraFormat)
	if err != nil {
		t.Fatal(err)
	}
	return c, r.(*keptReader)
}

// isStill reports whether a frame is the still picture: the fakes' own are black.
func isStill(img image.Image) bool { return img.(*image.YCbCr).Y[0] != 0 }

func readFrame(t testing.TB, r *keptReader) image.Image {
	t.Helper()
	img, release, err := r.Read()
	if err != nil {
		t.Fatal(err)
	}
	release()
	return img
}

func TestCameraThatComesBack(t *testing.T) {
	for _, device := range []string{"auto", "front"} {
		for _, there := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, there at first: %t", device, there), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) { cameraComesBack(t, device, there) })
			})
		}
	}
}

func cameraComesBack(t *testing.T, device string, there bool) {
	s := &socket{}
	if there {
		s.plug("front")
	}
	c, r := keptCameraOn(t, s, device)
	if there {
		if isStill(readFrame(t, r)) || r.Trouble() != nil {
			t.Fatalf("a still picture of a camera that is there; %v", r.Trouble())
		}
		time.AfterFunc(time.Second, s.unplug)
		for !isStill(readFrame(t, r)) {
		}
	}
	gone := time.Now()
	for range 20 { // 4 s
		if !isStill(readFrame(t, r)) {
			t.Fatal("a picture of a camera that is gone")
		}
		if err := r.Trouble(); err == nil || !strings.Contains(err.Error(), "looking for it since") {
			t.Fatalf("trouble: %v", err)
		}
	}
	if passed := time.Since(gone); passed < 3*time.Second || passed > 5*time.Second {
		t.Errorf("20 still pictures took %v", passed)
	}
	s.plug("front")
	back := time.Now()
	for isStill(readFrame(t, r)) {
	}
	if passed := time.Since(back); passed > time.Second {
		t.Errorf("back after %v", passed)
	}
	if r.Trouble() != nil || r.Name() != "front" {
		t.Errorf("%s has trouble after its return: %v", r.Name(), r.Trouble())
	}
	closeKept(t, c, s)
	if _, _, err := r.Read(); err != io.EOF {
		t.Errorf("after close: %v", err)
	}
}

func closeKept(t testing.TB, c io.Closer, s *socket) {
	t.Helper()
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	if s.open != 0 {
		t.Errorf("%d devices are left open", s.open)
	}
}

// What "auto" found is waited for a second; then any other will do.
func TestAnotherCameraTakesOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &socket{}
		s.plug("front")
		c, r := keptCameraOn(t, s, "auto")
		readFrame(t, r)
		s.unplug()
		s.plug("side")
		lost := time.Now()
		for readFrame(t, r); r.Trouble() != nil; readFrame(t, r) {
		}
		if passed := time.Since(lost); r.Name() != "side" || passed < ownFirst || passed > 2*time.Second {
			t.Errorf("%s took over after %v", r.Name(), passed)
		}
		closeKept(t, c, s)
	})
}

func TestBusyCameraIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &socket{busy: true}
		s.plug("front")
		c, r := keptCameraOn(t, s, "front")
		for range 10 {
			if !isStill(readFrame(t, r)) || !errors.Is(r.Trouble(), syscall.EBUSY) {
				t.Fatalf("a busy camera has trouble %v", r.Trouble())
			}
		}
		s.mu.Lock()
		s.busy = false
		s.mu.Unlock()
		for isStill(readFrame(t, r)) {
		}
		closeKept(t, c, s)
	})
}

// No replugging mends what the configuration wants and the camera has not.
func TestWrongConfigurationIsFinal(t *testing.T) {
	s := &socket{}
	s.plug("front")
	c := keepCamera(VideoConfig{Device: "front", Log: quiet}, func(wanted string) camera { return s.driver(wanted) })
	if _, err := c.VideoRecord(prop.Media{Video: prop.Video{Width: 4000, Height: 2000, FrameRate: 25}}); err == nil || !strings.Contains(err.Error(), "does not offer") {
		t.Errorf("a size that is not offered: %v", err)
	}
	closeKept(t, c, s)
}

// A camera with a bad contact is opened some times a second, not in a loop.
func TestFlappingCameraIsNoBusyLoop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &socket{}
		s.plug("front")
		c, r := keptCameraOn(t, s, "front")
		for end := time.Now().Add(10 * time.Second); time.Now().Before(end); {
			s.unplug()
			s.plug("front")
			readFrame(t, r)
		}
		if n := s.attempts(); n > 50 {
			t.Errorf("opened %d times in 10 s", n)
		}
		closeKept(t, c, s)
	})
}

func TestAnySequenceOfPlugs(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		steps := rapid.SliceOfN(rapid.IntRange(0, 4), 1, 40).Draw(rt, "steps")
		synctest.Test(t, func(t *testing.T) {
			s := &socket{}
			c, r := keptCameraOn(t, s, "auto")
			m, sound := keptMicrophoneOn(t, s)
			at, position := time.Time{}, int64(-1)
			for _, step := range steps {
				switch step {
				case 0:
					s.plug("front")
				case 1:
					s.unplug()
				case 2:
					time.Sleep(700 * time.Millisecond)
				case 3:
					readFrame(t, r)
				case 4:
					readSound(t, sound)
					if at.IsZero() {
						at, position = sound.Captured(), sound.Position()
						continue
					}
					time, samples := sound.Captured().Sub(at), sound.Position()-position
					if off := time - samplesToTime(samples, 48000); samples <= 0 || off < -2*packetTime || off > 2*packetTime {
						t.Fatalf("%v later by the clock, %d samples later by position", time, samples)
					}
					at, position = sound.Captured(), sound.Position()
				}
			}
			closeBoth(t, c, m, s)
		})
	})
}

func closeBoth(t *testing.T, c, m io.Closer, s *socket) {
	t.Helper()
	if err := errors.Join(c.Close(), m.Close()); err != nil || s.open != 0 {
		t.Errorf("closed with %v; %d devices are left open", err, s.open)
	}
}

func keptMicrophoneOn(t *testing.T, s *socket) (*keptMicrophone, *keptSound) {
	t.Helper()
	m := keepMicrophone(AudioConfig{Device: "auto", Log: quiet}, func(wanted string) microphone { return s.driver(wanted) })
	r, err := m.AudioRecord(prop.Media{})
	if err != nil {
		t.Fatal(err)
	}
	return m, r.(*keptSound)
}

func readSound(t testing.TB, r *keptSound) []int16 {
	t.Helper()
	block, release, err := r.Read()
	if err != nil {
		t.Fatal(err)
	}
	release()
	return block.(*wave.Int16Interleaved).Data
}

// Silence stands in for a microphone, and the sound's clock goes on as time does.
func TestMicrophoneThatComesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &socket{}
		s.plug("Mic")
		m, r := keptMicrophoneOn(t, s)
		start := time.Now()
		time.AfterFunc(time.Second, s.unplug)
		time.AfterFunc(4*time.Second, func() { s.plug("Mic") })
		var loud, silent, last int64
		for time.Since(start) < 7*time.Second {
			if readSound(t, r)[0] == 0 {
				silent++
			} else {
				loud++
			}
			if r.Position() <= last && last > 0 {
				t.Fatalf("position %d after %d", r.Position(), last)
			}
			last = r.Position()
		}
		if loud < 185 || silent < 145 || silent > 170 {
			t.Errorf("%d blocks of sound and %d of silence in 4 s and 3 s", loud, silent)
		}
		if passed := samplesToTime(last, 48000); passed < 6900*time.Millisecond || passed > 7100*time.Millisecond {
			t.Errorf("7 s are %v of samples", passed)
		}
		if r.Trouble() != nil {
			t.Errorf("trouble after the return: %v", r.Trouble())
		}
		closeKept(t, m, s)
	})
}

// Another microphone may have another rate; the encoder cannot change its own.
func TestMicrophoneOfAnotherRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &socket{}
		m, r := keptMicrophoneOn(t, s)
		if readSound(t, r)[0] != 0 || r.Trouble() == nil {
			t.Error("sound of a microphone that is not there")
		}
		s.rate = 16000
		s.plug("Mic")
		for range 500 {
			readSound(t, r)
		}
		if err := r.Trouble(); err == nil || !strings.Contains(err.Error(), "from the next turn on") {
			t.Errorf("trouble: %v", err)
		}
		closeKept(t, m, s)
	})
}

func TestMix(t *testing.T) {
	for _, c := range []struct {
		to, from  int
		src, want []int16
	}{
		{1, 1, []int16{1, 2}, []int16{1, 2}},
		{1, 2, []int16{100, 300, -5, 5}, []int16{200, 0}},
		{2, 1, []int16{7, -7}, []int16{7, 7, -7, -7}},
		{1, 2, []int16{32767, 32767, -32768, -32768}, []int16{32767, -32768}},
	} {
		got := make([]int16, len(c.want))
		mix(got, c.to, c.src, c.from)
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%v of %d channels is %v of %d, want %v", c.src, c.from, got, c.to, c.want)
				break
			}
		}
	}
}
