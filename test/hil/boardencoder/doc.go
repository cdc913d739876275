// Command boardencoder has a V4L2 device encode a moving picture through
// capture/encoder/m2m and tells as JSON what came of it: one line for each frame. It
// runs inside the virtual podium, on the kernel's vicodec.
//
// It may import capture/encoder, its m2m and its encodertest. It must not import the rest
// of the podium, and judges nothing: the test does.
package main
