// Package capturetest has a camera and a microphone for tests of other
// packages: what capture.Video and capture.Audio are to their users, with a
// script in place of a device.
//
// It may import: Pion's media.Sample and the standard library. It must not be
// imported by anything but tests.
package capturetest
