package steady

import (
	"fmt"
	"time"

	"golang.org/x/sys/unix"
)

// The moment at which both clocks were read for the first time.
var (
	beganWall = time.Now().Round(0)
	beganBoot = read(unix.CLOCK_BOOTTIME)
)

// Now gives the time by CLOCK_BOOTTIME. Its readings are to be compared with
// each other only: they have no monotonic part of Go's, and their distance from
// time.Now changes whenever the wall clock is set.
func Now() time.Time { return beganWall.Add(read(unix.CLOCK_BOOTTIME) - beganBoot) }

// Asleep gives for how long the machine has been suspended since it was started.
// It grows with each sleep and at no other time.
func Asleep() time.Duration {
	// Two clocks cannot be read at once: the one is taken in the middle of two
	// readings of the other.
	before := read(unix.CLOCK_MONOTONIC)
	boot := read(unix.CLOCK_BOOTTIME)
	after := read(unix.CLOCK_MONOTONIC)
	return boot - before - (after-before)/2
}

func read(clock int32) time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(clock, &t); err != nil {
		panic(fmt.Sprintf("cannot read clock %d: %v", clock, err)) // not on any Linux since 2.6.39
	}
	return time.Duration(t.Nano())
}
