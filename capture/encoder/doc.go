// Package encoder is what the podium's H.264 encoders have in common: frames in,
// access units out, with a bit rate and a frame rate that can be changed at any time
// and keyframes on order. Each encoder is a package below this one.
//
// It may import mediadevices' interfaces and the standard library. It must not know a
// camera, a ladder of qualities or a connection.
package encoder
