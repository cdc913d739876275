//go:build linux && (amd64 || arm64)

package videodev

import (
	"testing"
	"unsafe"
)

// A request number carries the size of its argument in bits 16 to 29.
func TestStructuresHaveTheKernelsSizes(t *testing.T) {
	for name, test := range map[string]struct {
		request uint
		size    uintptr
	}{
		"v4l2_capability":     {ReqQueryCap, unsafe.Sizeof(Capability{})},
		"v4l2_fmtdesc":        {ReqEnumFormat, unsafe.Sizeof(FormatDescription{})},
		"v4l2_requestbuffers": {ReqRequestBuffers, unsafe.Sizeof(RequestBuffers{})},
		"v4l2_streamparm":     {ReqSetParm, unsafe.Sizeof(StreamParm{})},
		"v4l2_control":        {ReqSetControl, unsafe.Sizeof(Control{})},
	} {
		if want := uintptr(test.request >> 16 & 0x3fff); test.size != want {
			t.Errorf("%s has %d bytes, the kernel's has %d", name, test.size, want)
		}
	}
	if unsafe.Offsetof(StreamParm{}.TimePerFrame) != 12 {
		t.Error("v4l2_streamparm's time per frame stands in the wrong place")
	}
}
