package capture

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"podium/capture/encoder"
	"podium/capture/encoder/encodertest"
	"podium/capture/encoder/openh264"
)

// stream writes a second of H.264 into a file: a keyframe, and 29 pictures after it.
func stream(t *testing.T) string {
	t.Helper()
	enc, err := openh264.New(encoder.Settings{Width: 320, Height: 180, FrameRate: 30, BitRate: 300_000})
	if err != nil {
		t.Fatal(err)
	}
	defer enc.Close()
	p := encodertest.NewPicture(320, 180)
	var all []byte
	for range 30 {
		unit, err := enc.Encode(p.Next(), false)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, unit...)
	}
	path := filepath.Join(t.TempDir(), "second.h264")
	if err := os.WriteFile(path, all, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func program(t *testing.T, script string) *Video {
	t.Helper()
	v, err := OpenVideo(VideoConfig{Command: []string{"sh", "-c", script}, Width: 320, Height: 180, Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		began := time.Now()
		if err := v.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
		if took := time.Since(began); took > time.Second {
			t.Errorf("close took %v", took)
		}
		<-v.Released()
	})
	return v
}

// A program's pictures are sent as they are; the first is a keyframe.
func TestProgramIsACamera(t *testing.T) {
	file := stream(t)
	v := program(t, "cat "+file+"; cat "+file+"; exec sleep 1000")
	for n := range 50 {
		if s := sample(t, v); isKeyframe(s.Data) != (n%30 == 0) || s.Duration <= 0 {
			t.Fatalf("picture %d: keyframe %t, lasts %v", n, isKeyframe(s.Data), s.Duration)
		}
	}
	if i := v.Info(); i.Device != "sh" || i.Encoder != "sh" || i.PixelFormat != "H264" || v.Trouble() != nil {
		t.Errorf("%+v, trouble %v", i, v.Trouble())
	}
}

// One that ends is started anew; meanwhile a still picture says so.
func TestProgramThatEndsIsStartedAnew(t *testing.T) {
	file := stream(t)
	once := filepath.Join(t.TempDir(), "once")
	v := program(t, fmt.Sprintf("if [ ! -e %s ]; then touch %s; echo no camera of that name >&2; exit 7; fi; cat %s; exec sleep 1000", once, once, file))
	s := sample(t, v)
	err := v.Trouble()
	for end := time.Now().Add(30 * time.Second); err == nil && time.Now().Before(end); err = v.Trouble() {
		s = sample(t, v)
	}
	if !isKeyframe(s.Data) {
		t.Error("the still picture does not begin with a keyframe")
	}
	if err != nil && (!strings.Contains(err.Error(), "no camera of that name") || !strings.Contains(err.Error(), "exit status 7")) {
		t.Errorf("trouble: %v", err)
	}
	for end := time.Now().Add(30 * time.Second); v.Trouble() != nil; {
		if sample(t, v); time.Now().After(end) {
			t.Fatal("the program's picture never came")
		}
	}
}

// Neither a program that does not want to end nor what it has started outlives Close.
func TestProgramsEndWithClose(t *testing.T) {
	file := stream(t)
	pids := filepath.Join(t.TempDir(), "pids")
	v := program(t, fmt.Sprintf("trap '' TERM; (trap '' TERM; echo $$ >> %s; sleep 1000) & echo $! >> %s; cat %s; wait", pids, pids, file))
	sample(t, v)
	if err := v.Close(); err != nil {
		t.Error(err)
	}
	text, err := os.ReadFile(pids)
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range strings.Fields(string(text)) {
		pid, err := strconv.Atoi(word)
		if err != nil {
			t.Fatal(err)
		}
		for end := time.Now().Add(30 * time.Second); isRunning(pid); time.Sleep(5 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("process %d still runs", pid)
			}
		}
	}
	if _, err := v.ReadSample(); err != io.EOF {
		t.Errorf("after close: %v", err)
	}
}

// isRunning tells a process that runs from one that is gone or waits to be buried.
func isRunning(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return false
	}
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return false
	}
	_, after, _ := strings.Cut(string(text), ") ")
	return !strings.HasPrefix(after, "Z")
}

func TestProgramThatIsNotThere(t *testing.T) {
	if _, err := OpenVideo(VideoConfig{Command: []string{"/no/such/program"}, Log: quiet}); err == nil {
		t.Error("no error")
	}
}
