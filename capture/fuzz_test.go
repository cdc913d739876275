package capture

import (
	"testing"

	"podium/capture/capturetest"
)

// FuzzIsKeyframe holds the scan of an access unit against one that takes it
// apart NAL unit by NAL unit: a keyframe has both parameter sets and begins with
// an IDR slice. Nothing is read beyond the unit, and nothing is changed in it.
func FuzzIsKeyframe(f *testing.F) {
	f.Add(capturetest.Keyframe())
	f.Add(capturetest.Delta())
	f.Add([]byte("\x00\x00\x00\x01\x09\xf0\x00\x00\x01\x67s\x00\x00\x01\x68p\x00\x00\x01\x06e\x00\x00\x01\x65x"))
	f.Add([]byte("\x00\x00\x01\x67\x00\x00\x01\x68\x00\x00\x01"))
	f.Add([]byte("\x00\x00\x01\x00\x00\x01\x65\x00\x00\x01\x67\x00\x00\x01\x68"))
	f.Fuzz(func(t *testing.T, unit []byte) {
		whole := append(make([]byte, 0, len(unit)), unit...) // a read beyond it panics
		if got, want := isKeyframe(whole), keyframeByUnits(unit); got != want {
			t.Errorf("%x: %t, want %t", unit, got, want)
		}
		if string(whole) != string(unit) {
			t.Error("the access unit was changed")
		}
	})
}

// keyframeByUnits looks at the NAL units in order up to the first slice.
func keyframeByUnits(unit []byte) bool {
	seen := map[byte]bool{}
	for i := 0; i+3 < len(unit); {
		if unit[i] != 0 || unit[i+1] != 0 || unit[i+2] != 1 {
			i++
			continue
		}
		kind := unit[i+3] & 0x1f
		if kind <= nalIDR {
			return kind == nalIDR && seen[nalSPS] && seen[nalPPS]
		}
		seen[kind] = true
		i += 3
	}
	return false
}
