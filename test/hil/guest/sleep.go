package main

import (
	"fmt"
	"os"
	"time"

	"podium/test/hil/guestapi"
)

// The machine's clock that goes on while all else sleeps, and the kernel's
// switch for that sleep.
const (
	wakeAlarm  = "/sys/class/rtc/rtc0/wakealarm"
	powerState = "/sys/power/state"
)

// Sleep puts the whole machine to sleep (suspend to idle) until the clock on its
// board wakes it, whole seconds later. It returns when the machine is awake.
func (g *Guest) Sleep(d time.Duration, slept *guestapi.Slept) error {
	// An alarm that is set already refuses another.
	if err := os.WriteFile(wakeAlarm, []byte("0"), 0o644); err != nil {
		return fmt.Errorf("cannot clear the wake alarm: %w", err)
	}
	if err := os.WriteFile(wakeAlarm, fmt.Appendf(nil, "+%d", int(d.Seconds())), 0o644); err != nil {
		return fmt.Errorf("cannot set the wake alarm: %w", err)
	}
	if err := g.Now(guestapi.None{}, &slept.From); err != nil {
		return err
	}
	if err := os.WriteFile(powerState, []byte("freeze"), 0o644); err != nil {
		return fmt.Errorf("the machine does not sleep: %w", err)
	}
	return g.Now(guestapi.None{}, &slept.To)
}
