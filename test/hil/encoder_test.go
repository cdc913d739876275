//go:build hil

package hil

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// What stands at the begin of an FWHT frame: include/media/fwht-ctrls.h and
// drivers/media/test-drivers/vicodec/codec-fwht.h, all big-endian.
const (
	fwhtMagic    = 0x4f4f4f4fffffffff
	fwhtSize     = 12 // offset of width and height
	fwhtFlags    = 20
	fwhtKeyframe = 1 << 10 // V4L2_FWHT_FL_I_FRAME
)

// encoded is what boardencoder tells of one frame.
type encoded struct {
	N, Bytes int
	Head     []byte
	Took     float64 // ms
}

// stepBoardEncoder has package m2m encode with a driver of the kernel: its ioctls,
// buffers and waiting are those of a Pi's encoder. Keyframes: the first, every tenth
// after a keyframe, and the one that is ordered, although vicodec has no control for it.
func (r *rig) stepBoardEncoder(t *testing.T) {
	r.bash(t, "modprobe vicodec multiplanar=1")
	for _, size := range [][2]uint32{{640, 360}, {656, 368}} {
		said := r.bash(t, fmt.Sprintf("/usr/share/podium-hil/boardencoder --width %d --height %d --frames 40 --order 24", size[0], size[1]))
		var keyframes []int
		var took float64
		for line := range strings.Lines(said) {
			var f encoded
			if err := json.Unmarshal([]byte(line), &f); err != nil {
				t.Fatalf("%v: %s", err, line)
			}
			if f.Bytes < 100 || len(f.Head) < fwhtFlags+4 || binary.BigEndian.Uint64(f.Head) != fwhtMagic ||
				binary.BigEndian.Uint32(f.Head[fwhtSize:]) != size[0] || binary.BigEndian.Uint32(f.Head[fwhtSize+4:]) != size[1] {
				t.Fatalf("frame %d is no FWHT of %v: %x", f.N, size, f.Head)
			}
			if binary.BigEndian.Uint32(f.Head[fwhtFlags:])&fwhtKeyframe != 0 {
				keyframes = append(keyframes, f.N)
			}
			took += f.Took / 40
		}
		t.Logf("%v: keyframes %v, %.1f ms for a frame", size, keyframes, took)
		if want := []int{0, 10, 20, 24, 34}; !slices.Equal(keyframes, want) {
			t.Errorf("keyframes are %v, want %v", keyframes, want)
		}
	}
}

// usbEncoder looks at a podium whose configuration names the board's encoder, on a
// board that has none.
func (r *rig) usbEncoder(t *testing.T) {
	if text := r.must(t, "check", "--config", "/etc/podium/podium.yaml"); !logged(text, "ok", "encoder", "no V4L2 device makes H264", "openh264 will encode") {
		t.Errorf("podium check does not say who encodes:\n%s", text)
	}
	from, _, _ := r.wholeTurn(t)
	if s := got[status](t)(r.status()); s.Media.Encoder != "openh264" || len(s.Faults) > 0 {
		t.Errorf("%s encodes: %s", s.Media.Encoder, s)
	}
	if p, err := r.Process("podium"); err != nil || !logged(p.Output, "WARN", "the board does not encode", "openh264") {
		t.Errorf("the log does not say who encodes: %v\n%s", err, p.Output)
	}
	r.end(t, "cancel", from)
	r.untilReleased(t)
}
