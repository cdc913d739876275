// Package control is the door to a running podium for other programs on the
// same device: presses in, status and trace out, as HTTP with JSON over a Unix
// socket. The demo serves the same handler to its panel page.
//
// It may import podium/appliance, podium/internal/plain and the standard library. It must not decide
// anything: a press is handed to the podium as the button would.
package control
