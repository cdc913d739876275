// Package hil is the test of the virtual podium (build tag hil, `make hil`):
// the cross-built binary in an emulated arm64 machine with simulated GPIO
// lines, camera and sound card, from the press on a line to the picture and
// sound at a viewer, and back to silence; and again while devices, process,
// clock and machine fail. README.md says how to run it alone and how to look
// inside.
//
// It may import: test/hil/machine, test/hil/guestapi, and podium/control for
// the paths of its handler.
// It must not import the parts that it tests: it meets them as processes.
package hil
