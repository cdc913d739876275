package capture

import (
	"runtime"
	"testing"

	"podium/capture/internal/arena"
)

// A camera is opened for every turn, by whichever thread it happens to be. What an
// encoder leaves in a thread's own arena of malloc stays for good, so there must be
// one arena for all.
func TestTurnsOnManyThreadsLeaveNoMemoryBehind(t *testing.T) {
	for range 10 {
		done := make(chan error)
		go func() {
			runtime.LockOSThread() // and never let go: the thread ends with this
			v, err := OpenVideo(VideoConfig{Device: TestDevice, Width: 640, Height: 360, FrameRate: 30, BitRate: 1_000_000, Log: quiet})
			if err == nil {
				for range 2 {
					_, err = v.ReadSample()
				}
				_ = v.Close()
			}
			done <- err
		}()
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
	if n := arena.Count(); n > 1 {
		t.Errorf("malloc has %d arenas", n)
	}
}
