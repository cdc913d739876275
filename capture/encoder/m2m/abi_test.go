//go:build linux && (amd64 || arm64)

package m2m

import (
	"testing"
	"unsafe"

	"podium/capture/internal/videodev"
)

// A request number carries the size of its argument in bits 16 to 29; the offsets are
// those that gcc gives for the kernel's header.
func TestStructuresHaveTheKernelsSizes(t *testing.T) {
	for name, test := range map[string]struct {
		request uint
		size    uintptr
	}{
		"v4l2_format":    {videodev.ReqSetFormat, unsafe.Sizeof(format{})},
		"v4l2_buffer":    {videodev.ReqQueue, unsafe.Sizeof(buffer{})},
		"v4l2_selection": {reqSetSelection, unsafe.Sizeof(selection{})},
	} {
		if want := uintptr(test.request >> 16 & 0x3fff); test.size != want {
			t.Errorf("%s has %d bytes, the kernel's has %d", name, test.size, want)
		}
	}
	for name, test := range map[string][2]uintptr{
		"sizeof v4l2_plane":             {unsafe.Sizeof(plane{}), 64},
		"v4l2_plane.m":                  {unsafe.Offsetof(plane{}.offset), 8},
		"v4l2_plane.data_offset":        {unsafe.Offsetof(plane{}.dataOffset), 16},
		"sizeof v4l2_plane_pix_format":  {unsafe.Sizeof(planeFormat{}), 20},
		"sizeof v4l2_pix_format_mplane": {unsafe.Sizeof(pictureFormat{}), 192},
		"v4l2_pix_format_mplane.planes": {unsafe.Offsetof(pictureFormat{}.planes), 20},
		"v4l2_pix_format_mplane.count":  {unsafe.Offsetof(pictureFormat{}.planeCount), 180},
		"v4l2_format.fmt":               {unsafe.Offsetof(format{}.picture), 8},
		"v4l2_buffer.timestamp":         {unsafe.Offsetof(buffer{}.timestamp), 24},
		"v4l2_buffer.m":                 {unsafe.Offsetof(buffer{}.planes), 64},
		"v4l2_buffer.length":            {unsafe.Offsetof(buffer{}.length), 72},
	} {
		if test[0] != test[1] {
			t.Errorf("%s: %d, the kernel's is %d", name, test[0], test[1])
		}
	}
}
