// Package testsource is a camera and a microphone that need no hardware: a
// moving test picture and a test sound, paced by the monotonic clock.
//
// The picture shows what one wants to know from three metres: that it is a test,
// that it moves smoothly (a disc swings over colour bars), how old it is (the
// time of day to the millisecond) and whether frames are lost (their number).
// At the start of each second of the wall clock a lamp in the picture lights
// and the sound has a stroke, so that lip sync can be judged.
//
// It may import: mediadevices' interfaces, golang.org/x/image, capture/internal.
// It must not open a device or a connection.
package testsource
