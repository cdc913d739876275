// Package x264 is VideoLAN's encoder (https://www.videolan.org/developers/x264.html). It
// is there only in a binary that is built with the tag x264: x264 is under the GPL, and
// so is then the whole binary.
//
// It may import capture/encoder and C. It must not know where frames come from.
package x264
