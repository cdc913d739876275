// Package i420 holds pictures in planar YCbCr 4:2:0, the only form that the
// H.264 encoder reads, and turns what cameras give into it.
//
// Every conversion writes into a picture that is there already: a stream of
// frames makes no garbage. Where two rows of chroma become one, the result is
// their mean, rounded down.
//
// It may import: C and the standard library. It must not import mediadevices.
package i420
