package capture

import "testing"

// nals splits an access unit in Annex B form.
func nals(unit []byte) (all [][]byte) {
	start := -1
	for i := 0; i+2 < len(unit); i++ {
		if unit[i] != 0 || unit[i+1] != 0 || unit[i+2] != 1 {
			continue
		}
		if start >= 0 {
			all = append(all, unit[start:i])
		}
		start = i + 3
	}
	return append(all, unit[start:])
}

// bits reads a raw byte sequence payload, ITU-T H.264 section 7.2 and 9.1.
type bits struct {
	b  []byte
	at int
}

func (r *bits) one() uint {
	v := uint(r.b[r.at/8]) >> (7 - r.at%8) & 1
	r.at++
	return v
}

func (r *bits) unsigned() uint {
	zeros := 0
	for r.one() == 0 {
		zeros++
	}
	v := uint(1)
	for range zeros {
		v = v<<1 | r.one()
	}
	return v - 1
}

// spsSize reads width and height from a baseline parameter set, section 7.3.2.1.1.
func spsSize(t *testing.T, sps []byte) (w, h int) {
	t.Helper()
	var plain []byte // without emulation prevention
	for i, b := range sps {
		if i >= 2 && b == 3 && sps[i-1] == 0 && sps[i-2] == 0 {
			continue
		}
		plain = append(plain, b)
	}
	r := &bits{b: plain, at: 32}
	r.unsigned() // seq_parameter_set_id
	r.unsigned() // log2_max_frame_num
	if r.unsigned() == 0 {
		r.unsigned() // log2_max_pic_order_cnt_lsb
	}
	r.unsigned() // max_num_ref_frames
	r.one()
	w, h = 16*int(r.unsigned()+1), 16*int(r.unsigned()+1)
	if r.one() == 0 {
		t.Fatal("interlaced")
	}
	r.one()
	if r.one() == 1 {
		w -= 2 * int(r.unsigned()+r.unsigned())
		h -= 2 * int(r.unsigned()+r.unsigned())
	}
	return w, h
}

func TestIsKeyframe(t *testing.T) {
	sps, pps, idr, slice := "\x00\x00\x00\x01\x67aa", "\x00\x00\x00\x01\x68a", "\x00\x00\x01\x65aaaa", "\x00\x00\x01\x41aaaa"
	for unit, want := range map[string]bool{
		sps + pps + idr:                          true,
		"\x00\x00\x00\x01\x09" + sps + pps + idr: true, // with an access unit delimiter
		idr:                                      false,
		sps + idr:                                false,
		slice:                                    false,
		sps + pps:                                false,
		"":                                       false,
		"\x00\x00\x01":                           false,
		sps + pps + slice:                        false,
	} {
		if got := isKeyframe([]byte(unit)); got != want {
			t.Errorf("%q: %v", unit, got)
		}
	}
}
