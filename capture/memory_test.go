package capture

import (
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
)

// anonymous gives the process's memory behind which no file stands, in kB.
func anonymous(t *testing.T) int {
	t.Helper()
	debug.FreeOSMemory()
	data, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(data), "RssAnon:")
	rest, _, _ = strings.Cut(rest, " kB")
	kb, err := strconv.Atoi(strings.TrimSpace(rest))
	if err != nil {
		t.Fatal(err)
	}
	return kb
}

// A camera is opened for every turn, by whichever thread it happens to be.
func TestTurnsOnManyThreadsLeaveNoMemoryBehind(t *testing.T) {
	turn := func() {
		done := make(chan error)
		go func() {
			runtime.LockOSThread() // and never let go: the thread ends with this
			v, err := OpenVideo(VideoConfig{Device: TestDevice, Width: 1280, Height: 720, FrameRate: 30, BitRate: 2_500_000, Log: quiet})
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
	for range 3 {
		turn()
	}
	before := anonymous(t)
	for range 20 {
		turn()
	}
	const most = 8 << 10 // kB; without care it is three times as much
	if after := anonymous(t); after-before > most {
		t.Errorf("20 turns left %d kB behind, from %d to %d", after-before, before, after)
	}
}
