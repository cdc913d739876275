// Package holder finds out which processes hold a device open, so that "busy"
// can say by whom.
//
// It may import: the standard library. It must not open a device.
package holder
