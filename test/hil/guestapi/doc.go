// Package guestapi is what the test on the host and the agent in the virtual
// podium say to each other: net/rpc in gob over a virtio port, service "Guest".
// Times are durations since the agent started (field names At, First, Last).
//
// It may import: the standard library.
// It must not import anything of the podium, and must not hold behaviour.
package guestapi
