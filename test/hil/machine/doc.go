// Package machine builds and runs the virtual podium: an arm64 Debian in
// QEMU's software emulation with simulated GPIO lines (gpio-sim), camera
// (vivid) and sound card (snd-aloop). Nothing in it knows what a stage is; it
// hands out a booted machine and a connection to the agent inside.
//
// It may import: the standard library and test/hil/guestapi.
// It must not import any package of the podium or the stage.
package machine
