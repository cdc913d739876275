// Package encodertest holds every encoder to what capture/encoder promises.
//
// It may import capture/encoder and the standard library. It is for tests, and must not
// be linked into the podium.
package encodertest
