// Package machine reads what a Raspberry Pi tells about itself: its temperature, and
// whether its power supply or its heat slow it down. Elsewhere there is nothing to
// tell, which is no error.
//
// It may import the standard library only. It must not change anything.
package machine
