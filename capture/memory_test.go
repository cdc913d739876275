package capture

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
)

// foreignArenas lists the arenas that the GNU library's malloc has made for threads
// of their own (malloc/arena.c there, HEAP_MAX_SIZE): each begins at a multiple of
// 64 MiB, with a part in use and the rest of the 64 MiB without access.
func foreignArenas(t *testing.T) []string {
	t.Helper()
	data, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		t.Fatal(err)
	}
	const size = 64 << 20
	var found []string
	var start, end uint64
	begun := false
	for line := range strings.Lines(string(data)) {
		var from, to uint64
		var rights string
		if _, err := fmt.Sscanf(line, "%x-%x %s", &from, &to, &rights); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		if begun && rights == "---p" && from == end && to == start+size {
			found = append(found, fmt.Sprintf("%x with %d kB in use", start, (end-start)>>10))
		}
		begun = rights == "rw-p" && from%size == 0 && !isGoHeap(from)
		start, end = from, to
	}
	return found
}

// isGoHeap reports whether an address is where Go asks for its own arenas, which are
// as long: runtime/malloc.go's hints.
func isGoHeap(at uint64) bool {
	hint := byte(0xc0)
	if runtime.GOARCH == "arm64" {
		hint = 0x40
	}
	return byte(at>>32) == hint
}

// A camera is opened for every turn, by whichever thread it happens to be. What an
// encoder leaves in a thread's own arena stays for good, so there must be none.
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
	for _, arena := range foreignArenas(t) {
		t.Errorf("an arena of a thread's own at %s", arena)
	}
}
