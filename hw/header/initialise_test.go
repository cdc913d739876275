package header

import (
	"errors"
	"testing"

	"golang.org/x/sys/unix"
)

func identity(t *testing.T, fd int) [3]uint64 {
	t.Helper()
	var s unix.Stat_t
	if err := unix.Fstat(fd, &s); err != nil {
		t.Fatalf("descriptor %d: %v", fd, err)
	}
	return [3]uint64{s.Dev, s.Ino, s.Rdev}
}

// putBackZero gives the test process its own standard input back at the end.
func putBackZero(t *testing.T) {
	saved, err := unix.FcntlInt(0, unix.F_DUPFD_CLOEXEC, 3)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		unix.Dup3(saved, 0, 0)
		unix.Close(saved)
	})
}

func TestKeepZeroAgainstADriverThatClosesIt(t *testing.T) {
	putBackZero(t)
	// Something other than the usual /dev/null, to see that the same comes back.
	var pipe [2]int
	if err := unix.Pipe2(pipe[:], unix.O_CLOEXEC); err != nil {
		t.Fatal(err)
	}
	defer unix.Close(pipe[0])
	defer unix.Close(pipe[1])
	if err := unix.Dup3(pipe[0], 0, 0); err != nil {
		t.Fatal(err)
	}
	before := identity(t, 0)
	want := errors.New("the driver's")
	if err := keepZero(func() error { unix.Close(0); return want }); !errors.Is(err, want) {
		t.Errorf("keepZero says %v", err)
	}
	if after := identity(t, 0); after != before {
		t.Errorf("descriptor 0 was %v, is %v", before, after)
	}
}

func TestKeepZeroWithoutStandardInput(t *testing.T) {
	putBackZero(t)
	unix.Close(0)
	var during [3]uint64
	if err := keepZero(func() error { during = identity(t, 0); unix.Close(0); return nil }); err != nil {
		t.Fatal(err)
	}
	null, err := unix.Open("/dev/null", unix.O_RDONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(null)
	if want := identity(t, null); during != want || identity(t, 0) != want {
		t.Errorf("descriptor 0 is %v during and %v after, want /dev/null %v", during, identity(t, 0), want)
	}
}
