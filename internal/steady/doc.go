// Package steady is the clock of leases: it goes on while the machine sleeps, and
// does not see the wall clock being set.
//
// Go's own monotonic clock (CLOCK_MONOTONIC) stands still while the machine is
// suspended: a lease that it measures would be as fresh after a night as before.
// CLOCK_BOOTTIME counts the night. Neither is moved by a jump of the wall clock,
// which a Raspberry Pi, without a clock of its own, makes at every start. See
// clock_gettime(2).
//
// It may import: the standard library and golang.org/x/sys/unix.
// It must not be asked for the time of day: Now begins with it and then drifts
// from it.
package steady
