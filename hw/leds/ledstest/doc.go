// Package ledstest provides a pin header that records what is done to its lines.
//
// It may import: podium/hw/header, the standard library.
// It must not be imported outside tests and simulations.
package ledstest
