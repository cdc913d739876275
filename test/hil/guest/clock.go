package main

import (
	"time"

	"golang.org/x/sys/unix"

	"podium/test/hil/guestapi"
)

// clock counts from the agent's start, the machine's sleep included, and does
// not see jumps of the wall clock.
type clock struct{ start time.Duration }

func startClock() clock { return clock{reading(unix.CLOCK_BOOTTIME)} }

func (c clock) now() time.Duration { return reading(unix.CLOCK_BOOTTIME) - c.start }

func reading(id int32) time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(id, &t); err != nil {
		panic("guest: the kernel has no such clock: " + err.Error()) // it has had both since 2.6.39
	}
	return time.Duration(t.Nano())
}

// Wait waits for a time of the machine's.
func (g *Guest) Wait(d time.Duration, _ *guestapi.None) error {
	time.Sleep(d)
	return nil
}

// MoveClock moves the wall clock, and no other.
func (g *Guest) MoveClock(by time.Duration, _ *guestapi.None) error {
	t := unix.NsecToTimespec(time.Now().Add(by).UnixNano())
	return unix.ClockSettime(unix.CLOCK_REALTIME, &t)
}

// Now tells what time it is.
func (g *Guest) Now(_ guestapi.None, moment *guestapi.Moment) error {
	// Three clocks cannot be read at once: the reading that was disturbed least counts.
	shortest := time.Hour
	for range 20 {
		at := g.clock.now()
		wall, monotonic := time.Now(), reading(unix.CLOCK_MONOTONIC)
		if took := g.clock.now() - at; took < shortest {
			shortest = took
			*moment = guestapi.Moment{At: at, Wall: wall.UTC(), Monotonic: monotonic}
		}
	}
	return nil
}
