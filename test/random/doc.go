// Package random runs a property over random sequences until a number of steps is
// reached, and says how many there were: `make random STEPS=1000000`. Without a
// number it runs as many as a test of every day can afford.
//
// It is for tests, and may import rapid. It must not know any part of the podium.
package random
