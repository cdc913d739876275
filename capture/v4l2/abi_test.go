//go:build linux && (amd64 || arm64)

package v4l2

import (
	"testing"
	"unsafe"

	"podium/capture/internal/videodev"
)

// A request number carries the size of its argument in bits 16 to 29.
func TestStructuresHaveTheKernelsSizes(t *testing.T) {
	for name, test := range map[string]struct {
		request uint
		size    uintptr
	}{
		"v4l2_format":         {videodev.ReqSetFormat, unsafe.Sizeof(format{})},
		"v4l2_buffer query":   {videodev.ReqQueryBuffer, unsafe.Sizeof(buffer{})},
		"v4l2_buffer queue":   {videodev.ReqQueue, unsafe.Sizeof(buffer{})},
		"v4l2_buffer dequeue": {videodev.ReqDequeue, unsafe.Sizeof(buffer{})},
		"v4l2_frmsizeenum":    {reqEnumSizes, unsafe.Sizeof(frameSize{})},
		"v4l2_frmivalenum":    {reqEnumIntervals, unsafe.Sizeof(frameInterval{})},
	} {
		if want := uintptr(test.request >> 16 & 0x3fff); test.size != want {
			t.Errorf("%s has %d bytes, the kernel's has %d", name, test.size, want)
		}
	}
	var b buffer
	if unsafe.Offsetof(b.timestamp) != 24 || unsafe.Offsetof(b.sequence) != 56 || unsafe.Offsetof(b.offset) != 64 || unsafe.Offsetof(b.length) != 72 {
		t.Errorf("v4l2_buffer's fields stand in the wrong places: %d %d %d %d",
			unsafe.Offsetof(b.timestamp), unsafe.Offsetof(b.sequence), unsafe.Offsetof(b.offset), unsafe.Offsetof(b.length))
	}
	if unsafe.Offsetof(format{}.pix) != 8 {
		t.Error("v4l2_format's picture format stands in the wrong place")
	}
}
