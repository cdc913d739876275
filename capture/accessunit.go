package capture

// NAL unit types, ITU-T H.264 table 7-1.
const (
	nalIDR = 5
	nalSPS = 7
	nalPPS = 8
)

// isKeyframe reports whether an access unit in Annex B form can be decoded with
// nothing before it: an IDR picture with both parameter sets.
func isKeyframe(au []byte) bool {
	var seen uint
	for i := 0; i+3 < len(au); i++ {
		if au[i] != 0 || au[i+1] != 0 || au[i+2] != 1 {
			continue
		}
		kind := au[i+3] & 0x1f
		seen |= 1 << kind
		if kind == nalIDR {
			// The parameter sets come first, and the picture is the long part.
			return seen&(1<<nalSPS) != 0 && seen&(1<<nalPPS) != 0
		}
		if kind < nalIDR {
			return false
		}
		i += 3
	}
	return false
}
