//go:build linux && (amd64 || arm64)

package v4l2

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"podium/capture/internal/videodev"
)

func TestCameraThatEncodesItself(t *testing.T) {
	f := newFake(t, Format{"YUYV", 640, 360, 30}, Format{"H264", 320, 180, 30})
	c := cameraWith(t, "video0", map[string]videodev.Node{"video0": f})
	if err := c.Open(); err != nil {
		t.Fatal(err)
	}
	r, err := c.EncodedRecord(want(320, 180, 30), 1_000_000)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.EncodedRecord(want(320, 180, 30), 1_000_000); err == nil {
		t.Error("it records twice")
	}
	f.give([]byte("one"), 0, 10*time.Millisecond)
	f.give([]byte("two"), videodev.BufferError, 0)
	r.RequestKeyframe() // this camera has no such control
	for i, want := range []struct {
		data    string
		damaged bool
	}{{"one", false}, {"two", true}} {
		data, captured, damaged, err := r.Read()
		if err != nil || string(data) != want.data || damaged != want.damaged || time.Since(captured) > time.Minute {
			t.Errorf("unit %d: %q, damaged %t, captured at %v, %v", i, data, damaged, captured, err)
		}
	}
	if len(f.queued) != buffersWanted || r.Name() != "/video0" && !strings.HasSuffix(r.Name(), "video0") || r.FrameRate() != 30 {
		t.Errorf("%d buffers are back; %s, %v frames/s", len(f.queued), r.Name(), r.FrameRate())
	}
	f.unplug()
	if _, _, _, err := r.Read(); !errors.Is(err, unix.ENODEV) {
		t.Errorf("of an unplugged camera: %v", err)
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	if _, _, _, err := r.Read(); err != io.EOF {
		t.Errorf("after close: %v", err)
	}
}

func TestCameraThatDoesNotEncodeThatSize(t *testing.T) {
	f := newFake(t, Format{"YUYV", 320, 180, 30}, Format{"H264", 640, 360, 30})
	c := cameraWith(t, "video0", map[string]videodev.Node{"video0": f})
	if err := c.Open(); err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := c.EncodedRecord(want(320, 180, 30), 1_000_000); err == nil || !strings.Contains(err.Error(), "H264 640x360") {
		t.Errorf("got %v", err)
	}
}
