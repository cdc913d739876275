// Package buttonstest provides a pin header on which a test presses the buttons.
//
// It may import: podium/hw/header, the standard library.
// It must not be imported outside tests and simulations.
package buttonstest
