//go:build linux && (amd64 || arm64)

package v4l2

import (
	"bytes"
	"errors"
	"image"
	"io"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"podium/capture/internal/videodev"
)

func recording(t *testing.T, format Format) (*fakeNode, *Camera, *Reader) {
	t.Helper()
	f := newFake(t, format)
	c := cameraWith(t, "video0", map[string]videodev.Node{"video0": f})
	if err := c.Open(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	r, err := c.VideoRecord(want(format.Width, format.Height, float32(format.FrameRate)))
	if err != nil {
		t.Fatal(err)
	}
	return f, c, r.(*Reader)
}

var small = Format{"YU12", 64, 64, 30}

// grey is a whole small frame of one level.
func grey(level byte) []byte { return bytes.Repeat([]byte{level}, 64*64*3/2) }

func level(t *testing.T, r *Reader) byte {
	t.Helper()
	img, release, err := r.Read()
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	return img.(*image.YCbCr).Y[0]
}

func TestNewestFrameWins(t *testing.T) {
	f, _, r := recording(t, small)
	for i := range byte(4) {
		f.give(grey(i+1), 0, time.Duration(40-10*i)*time.Millisecond)
	}
	if got := level(t, r); got != 4 {
		t.Errorf("frame %d, want the newest, 4", got)
	}
	if bad, late := r.Dropped(); bad != 0 || late != 3 {
		t.Errorf("%d bad, %d late", bad, late)
	}
	if len(f.queued) != buffersWanted {
		t.Errorf("the camera has %d buffers, want all %d back", len(f.queued), buffersWanted)
	}
	if age := time.Since(r.Captured()); age < 10*time.Millisecond {
		t.Errorf("captured %v ago: not the driver's time", age)
	}
}

func TestDamagedFramesAreLeftOut(t *testing.T) {
	f, _, r := recording(t, small)
	f.give(grey(1), videodev.BufferError, 0)
	f.give(grey(2), 0, 0)
	f.give(grey(3), videodev.BufferError, 0)
	if got := level(t, r); got != 2 {
		t.Errorf("frame %d, want the only good one, 2", got)
	}
	f.give(grey(4)[:100], 0, 0) // cut off
	go func() {
		for {
			if bad, _ := r.Dropped(); bad == 3 {
				break
			}
			time.Sleep(time.Millisecond)
		}
		f.give(grey(5), 0, 0)
	}()
	if got := level(t, r); got != 5 {
		t.Errorf("frame %d, want the good one after a short one, 5", got)
	}
}

func TestFramesFromBeforeAPauseAreLeftOut(t *testing.T) {
	f, _, r := recording(t, small)
	f.give(grey(1), 0, 3*time.Second)
	go func() {
		for {
			if _, late := r.Dropped(); late == 1 {
				break
			}
			time.Sleep(time.Millisecond)
		}
		f.give(grey(2), 0, 0)
	}()
	if got := level(t, r); got != 2 {
		t.Errorf("frame %d, want the fresh one, 2", got)
	}
}

func TestGarbageJPEGIsCounted(t *testing.T) {
	f, c, r := recording(t, Format{"MJPG", 64, 64, 30})
	f.give([]byte{0xff, 0xd8, 0xff, 0xda, 1, 2, 3}, 0, 0)
	f.give(nil, 0, 0)
	ended := make(chan error)
	go func() {
		_, _, err := r.Read()
		ended <- err
	}()
	for bad := uint64(0); bad < 2; bad, _ = r.Dropped() {
		time.Sleep(time.Millisecond)
	}
	c.Close()
	if err := <-ended; err != io.EOF {
		t.Error(err)
	}
}

func TestUnplugged(t *testing.T) {
	f, c, r := recording(t, small)
	f.unplug()
	if _, _, err := r.Read(); !errors.Is(err, unix.ENODEV) || err.Error() != "camera "+c.path+" is gone: no such device" {
		t.Errorf("got %v", err)
	}
	if err := c.Close(); err != nil || !f.closed || f.mapped != 0 {
		t.Errorf("close: %v, closed %v, %d buffers mapped", err, f.closed, f.mapped)
	}
}

func TestCloseEndsABlockedRead(t *testing.T) {
	f, c, r := recording(t, small)
	ended := make(chan error)
	go func() {
		_, _, err := r.Read()
		ended <- err
	}()
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	if err := <-ended; err != io.EOF {
		t.Errorf("the read that was blocked: %v", err)
	}
	if _, _, err := r.Read(); err != io.EOF {
		t.Errorf("a later read: %v", err)
	}
	if !f.closed || f.mapped != 0 || f.running {
		t.Errorf("closed %v, %d buffers mapped, running %v", f.closed, f.mapped, f.running)
	}
	if err := c.Close(); err != nil {
		t.Errorf("second close: %v", err)
	}
}

// The small structures for the kernel count, a picture would be much more.
func TestReadAllocatesLittle(t *testing.T) {
	f, _, r := recording(t, small)
	frame := grey(1)
	if n := testing.AllocsPerRun(50, func() {
		f.give(frame, 0, 0)
		_, release, _ := r.Read()
		release()
	}); n > 8 {
		t.Errorf("%v allocations per frame", n)
	}
}

func TestCaptureTimeDistrustsForeignClocks(t *testing.T) {
	now := time.Now()
	for name, b := range map[string]buffer{
		"no clock named": {timestamp: videodev.Timeval{Seconds: 1, Microseconds: 0}},
		"too old":        {flags: timestampMonotonic, timestamp: videodev.Timeval{Seconds: -1000, Microseconds: 0}},
		"in the future":  {flags: timestampMonotonic, timestamp: videodev.Timeval{Seconds: 1 << 40, Microseconds: 0}},
	} {
		if got := captureTime(b, now); !got.Equal(now) {
			t.Errorf("%s: %v off", name, got.Sub(now))
		}
	}
}
