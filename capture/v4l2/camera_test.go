//go:build linux && (amd64 || arm64)

package v4l2

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pion/mediadevices/pkg/prop"
	"golang.org/x/sys/unix"

	"podium/capture/internal/videodev"
)

// cameraWith makes a driver whose /dev is a folder with these nodes.
func cameraWith(t *testing.T, device string, nodes map[string]videodev.Node) *Camera {
	t.Helper()
	dev := t.TempDir()
	for name := range nodes {
		if err := os.WriteFile(filepath.Join(dev, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if device != "" {
		device = filepath.Join(dev, device)
	}
	c := New(Options{Device: device})
	c.dev = dev
	c.open = func(path string) (videodev.Node, error) {
		target, err := filepath.EvalSymlinks(path)
		if err != nil {
			return nil, err
		}
		return nodes[filepath.Base(target)], nil
	}
	return c
}

func want(w, h int, rate float32) prop.Media {
	return prop.Media{Video: prop.Video{Width: w, Height: h, FrameRate: rate}}
}

func TestChoiceOfFormat(t *testing.T) {
	webcam := []Format{{"MJPG", 1280, 720, 30}, {"MJPG", 640, 480, 30}, {"YUYV", 640, 480, 30}, {"YUYV", 1280, 720, 10}}
	virtual := []Format{{"YUYV", 640, 360, 60}, {"UYVY", 640, 360, 60}, {"NV12", 640, 360, 60}, {"YU12", 640, 360, 60}}
	tests := []struct {
		name    string
		offered []Format
		ask     prop.Media
		pixels  string
	}{
		{"JPEG where only it is fast enough", webcam, want(1280, 720, 30), "MJPG"},
		{"raw where it is fast enough", webcam, want(640, 480, 30), "YUYV"},
		{"raw at a low rate", webcam, want(1280, 720, 10), "YUYV"},
		{"the fastest when none is fast enough", webcam, want(1280, 720, 60), "MJPG"},
		{"the cheapest of equals", virtual, want(640, 360, 30), "YU12"},
		{"29.97 counts as 30", []Format{{"YUYV", 640, 480, 29.97}, {"MJPG", 640, 480, 60}}, want(640, 480, 30), "YUYV"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := newFake(t, test.offered...)
			c := cameraWith(t, "video0", map[string]videodev.Node{"video0": f})
			if err := c.Open(); err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			r, err := c.VideoRecord(test.ask)
			if err != nil {
				t.Fatal(err)
			}
			if got := string(r.(*Reader).Format().FrameFormat); got != test.pixels {
				t.Errorf("chose %s, want %s", got, test.pixels)
			}
		})
	}
}

func TestErrorsSayWhatAndWhy(t *testing.T) {
	offered := []Format{{"YUYV", 640, 480, 30}, {"YUYV", 320, 240, 30}}
	tests := []struct {
		name  string
		spoil func(*fakeNode)
		ask   prop.Media
		is    error
		says  []string
	}{
		{"size not offered", func(*fakeNode) {}, want(1280, 720, 30), nil, []string{"1280x720", "YUYV 640x480 at up to 30, YUYV 320x240"}},
		{"driver answers another size", func(f *fakeNode) { f.answer = func(p *pixFormat) { p.width, p.height = 320, 240 } }, want(640, 480, 30), nil,
			[]string{"asked for 640x480 YUYV, it answers 320x240 YUYV", "it offers"}},
		{"driver answers half pictures", func(f *fakeNode) { f.answer = func(p *pixFormat) { p.field = 7 } }, want(640, 480, 30), nil, []string{"half pictures"}},
		{"busy at format", func(f *fakeNode) { f.failOn[videodev.ReqSetFormat] = unix.EBUSY }, want(640, 480, 30), unix.EBUSY, []string{"busy (another program holds it)"}},
		{"busy at start", func(f *fakeNode) { f.failOn[videodev.ReqStreamOn] = unix.EBUSY }, want(640, 480, 30), unix.EBUSY, []string{"busy"}},
		{"gone at start", func(f *fakeNode) { f.failOn[videodev.ReqStreamOn] = unix.ENODEV }, want(640, 480, 30), unix.ENODEV, []string{"gone"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := newFake(t, offered...)
			c := cameraWith(t, "video0", map[string]videodev.Node{"video0": f})
			if err := c.Open(); err != nil {
				t.Fatal(err)
			}
			test.spoil(f)
			_, err := c.VideoRecord(test.ask)
			if err == nil {
				t.Fatal("no error")
			}
			if test.is != nil && !errors.Is(err, test.is) {
				t.Errorf("%q is not %v", err, test.is)
			}
			for _, part := range append(test.says, "video0") {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%q does not say %q", err, part)
				}
			}
			if err := c.Close(); err != nil || !f.closed || f.mapped != 0 || f.running {
				t.Errorf("after close: %v, closed %v, %d buffers mapped, running %v", err, f.closed, f.mapped, f.running)
			}
		})
	}
}

func TestAutoTakesTheFirstThatGivesPictures(t *testing.T) {
	metadata, camera, later := newFake(t), newFake(t), newFake(t)
	metadata.caps = 0x00800000
	c := cameraWith(t, "", map[string]videodev.Node{"video1": metadata, "video2": camera, "video10": later})
	if err := c.Open(); err != nil {
		t.Fatal(err)
	}
	if got := filepath.Base(c.path); got != "video2" {
		t.Errorf("opened %s", got)
	}
	c.Close()

	stable := cameraWith(t, "", map[string]videodev.Node{"video2": camera, "video10": later})
	byID := filepath.Join(stable.dev, "v4l", "by-id")
	if err := os.MkdirAll(byID, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("../../video10", filepath.Join(byID, "usb-Cam-video-index0")); err != nil {
		t.Fatal(err)
	}
	if err := stable.Open(); err != nil {
		t.Fatal(err)
	}
	defer stable.Close()
	if got := filepath.Base(stable.path); got != "usb-Cam-video-index0" {
		t.Errorf("with a by-id name: opened %s", got)
	}
}

func TestMissingCamera(t *testing.T) {
	c := cameraWith(t, "video7", map[string]videodev.Node{"video0": newFake(t)})
	os.Remove(filepath.Join(c.dev, "video7"))
	err := c.Open()
	if !errors.Is(err, unix.ENOENT) || !strings.Contains(err.Error(), "video0 (Fake Camera)") {
		t.Errorf("named: %v", err)
	}
	if err := cameraWith(t, "", nil).Open(); !errors.Is(err, unix.ENOENT) || !strings.Contains(err.Error(), "none is connected") {
		t.Errorf("auto: %v", err)
	}
}

func TestNoCamera(t *testing.T) {
	f := newFake(t)
	f.caps = 0x2 // an output
	if err := cameraWith(t, "video0", map[string]videodev.Node{"video0": f}).Open(); err == nil || !f.closed {
		t.Errorf("an output: %v, closed %v", err, f.closed)
	}
	if err := New(Options{Device: "/dev/null"}).Open(); err == nil || !strings.Contains(err.Error(), "not a V4L2 device") {
		t.Errorf("/dev/null: %v", err)
	}
}

func TestFrameRateIsTheDriversAnswer(t *testing.T) {
	f := newFake(t, Format{"YUYV", 640, 480, 30})
	f.rate = videodev.Fraction{Numerator: 1, Denominator: 25}
	c := cameraWith(t, "video0", map[string]videodev.Node{"video0": f})
	if err := c.Open(); err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	r, err := c.VideoRecord(want(640, 480, 30))
	if err != nil {
		t.Fatal(err)
	}
	if got := r.(*Reader).Format().FrameRate; got != 25 {
		t.Errorf("%v frames per second", got)
	}
}
