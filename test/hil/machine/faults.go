package machine

import (
	"time"

	"podium/test/hil/guestapi"
)

// Now tells the machine's time.
func (g Guest) Now() (guestapi.Moment, error) {
	return ask[guestapi.Moment](g, "Now", guestapi.None{})
}

// Wait waits for a time of the machine's, which may be longer on the host.
func (g Guest) Wait(d time.Duration) error {
	_, err := ask[guestapi.None](g, "Wait", d)
	return err
}

// MoveClock moves the machine's wall clock.
func (g Guest) MoveClock(by time.Duration) error {
	_, err := ask[guestapi.None](g, "MoveClock", by)
	return err
}

// Ask gets something of a server on a Unix socket in the machine.
func (g Guest) Ask(socket, path string) ([]byte, error) {
	return ask[[]byte](g, "Ask", guestapi.Follow{Socket: socket, Path: path})
}

// Hang makes every call to a vivid camera wait in its driver until Unhang.
func (g Guest) Hang(device string) error {
	_, err := ask[guestapi.None](g, "Hang", device)
	return err
}

// Unhang lets the camera's driver go on.
func (g Guest) Unhang() error {
	_, err := ask[guestapi.None](g, "Unhang", guestapi.None{})
	return err
}

// Pause makes a microphone that a started program has open give nothing, or go
// on again.
func (g Guest) Pause(process, path string, on bool) error {
	_, err := ask[guestapi.None](g, "Pause", guestapi.Pause{Process: process, Path: path, On: on})
	return err
}

// Sleep puts the machine to sleep and returns when it is awake again.
func (g Guest) Sleep(d time.Duration) (guestapi.Slept, error) {
	return ask[guestapi.Slept](g, "Sleep", d)
}

// Listen plays the service manager on a socket; Notices is what it has heard.
func (g Guest) Listen(socket string) error {
	_, err := ask[guestapi.None](g, "Listen", socket)
	return err
}

// Notices returns what programs have told the service manager.
func (g Guest) Notices() ([]guestapi.Notice, error) {
	return ask[[]guestapi.Notice](g, "Notices", guestapi.None{})
}
