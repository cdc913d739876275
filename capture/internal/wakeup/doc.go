// Package wakeup waits for a device to have something to read, in a way that
// another goroutine can end at once; and it is the open file of such a device.
//
// It may import: golang.org/x/sys/unix and the standard library.
// It must not know what the device is.
package wakeup
