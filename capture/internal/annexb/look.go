package annexb

// Parts are what an access unit consists of. The slices share its memory.
type Parts struct {
	Sets       [2][]byte // SPS and PPS, with their start codes; nil: it has none
	Slice, IDR bool      // it has a picture; it is an IDR picture
}

// Look takes the parameter sets before the first slice of a whole access unit in Annex
// B form. It copies nothing and does not read on behind the first slice's header.
func Look(unit []byte) Parts {
	var p Parts
	at, length := startCode(unit, 0)
	for at >= 0 && at+length < len(unit) {
		kind := unit[at+length] & 0x1f
		if kind == slice || kind == sliceIDR {
			p.Slice, p.IDR = true, kind == sliceIDR
			return p
		}
		next, nextLength := startCode(unit, at+length)
		end := next
		if next < 0 {
			end = len(unit)
		}
		switch kind {
		case sps:
			p.Sets[0] = unit[at:end]
		case pps:
			p.Sets[1] = unit[at:end]
		}
		at, length = next, nextLength
	}
	return p
}
