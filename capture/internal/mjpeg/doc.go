// Package mjpeg decodes the frames of a Motion JPEG camera: JPEG pictures that
// may leave out the Huffman tables and may be damaged.
//
// It may import: capture/internal/i420, C (TurboJPEG) and the standard library. It must not
// panic or ask for much memory, whatever the bytes are: they come from a cable.
package mjpeg
