// Package ring drives a ring of addressable lamps (APA102, SK9822) over SPI, which shows
// what the panel's lamps show, large.
//
// The kernel's spidev is written to directly: periph has SPI in its package sysfs, whose
// import registers a second GPIO driver beside the one that package header must have
// alone.
//
// It may import golang.org/x/sys/unix and the standard library. It must not know a
// rhythm, a stage or a clock: it is told which lamps are lit, and how many of its own.
package ring
