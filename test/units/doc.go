// Package units looks at the service files in systemd/ as systemd does: whether it takes
// them, and how much it leaves to a service that somebody has got into.
//
// It may import the standard library only, and needs Debian's package systemd, which need
// not run. It must not import podium.
package units
