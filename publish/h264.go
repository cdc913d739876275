package publish

import "bytes"

// nalIDR is the NAL unit type of a slice of an IDR picture (ITU-T H.264, table 7-1).
const nalIDR = 5

// hasIDR reports whether an access unit in Annex B form holds an IDR picture, at
// which a decoder can begin.
func hasIDR(unit []byte) bool {
	start := []byte{0, 0, 1}
	for {
		i := bytes.Index(unit, start)
		if i < 0 || i+len(start) >= len(unit) {
			return false
		}
		unit = unit[i+len(start):]
		if unit[0]&0x1f == nalIDR {
			return true
		}
	}
}
