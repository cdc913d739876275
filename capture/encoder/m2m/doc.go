// Package m2m encodes with the H.264 encoder of the board, through V4L2's stateful
// memory-to-memory interface (the kernel's Documentation,
// userspace-api/media/v4l/dev-encoder.rst): Raspberry Pi 3, 4 and Zero 2 W have one
// (bcm2835-codec), a Pi 5 has none.
//
// It gives one access unit for each frame, as capture/encoder promises, so an encoder
// that holds frames back counts as stuck. ErrMissing and ErrStuck are for
// encoder.Fallback. Controls that a driver does not have are done without.
//
// It has run on the kernel's vicodec (multi-planar, FWHT instead of H.264), in the
// virtual podium; not yet on a Pi's encoder.
//
// It may import capture/encoder, capture/internal and golang.org/x/sys/unix. It must not
// know where frames come from.
package m2m
