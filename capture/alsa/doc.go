// Package alsa records from Linux sound cards through the kernel's PCM ioctls,
// without cgo and without libasound.
//
// It is a mediadevices driver (driver.Adapter, driver.AudioRecorder) that gives
// blocks of exactly 20 ms of 16-bit samples, mono where the card has mono, else
// stereo, at 48 kHz or the next lower rate that Opus takes without conversion.
//
// Why not malgo (miniaudio 0.11.24), which mediadevices uses: its read loop
// treats ENODEV like "try again", so a microphone that was unplugged never calls
// the stop callback and keeps a thread at full load; it restarts after an
// overrun without saying that samples were lost; and it has no capture times.
// The kernel's interface has all three, is stable, and needs no libasound2.
//
// It may import: mediadevices' interfaces, golang.org/x/sys/unix,
// capture/internal, the standard library. It must not open a device before
// Open, and must not know who hears what it records.
package alsa
