// Package annexb splits a stream of H.264 in byte stream format (ITU-T H.264, annex B)
// into access units, as it comes from a pipe.
//
// It is pure and may import the standard library only. It must not panic or keep more
// than MostBytes, whatever the bytes are: they come from another program.
package annexb
