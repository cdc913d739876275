// Command peers measures the processor time of a camera's frame on its way to H.264, of
// the podium and of its peers in one run: stock mediadevices, ffmpeg, GStreamer.
//
//	go run ./test/peers
//
// It may import the standard library only. It must not be a test: nothing here passes or
// fails by a time.
package main
