package annexb

import (
	"bytes"
	"testing"
)

func TestLook(t *testing.T) {
	for _, c := range []struct {
		name       string
		unit       []byte
		sps, pps   []byte
		slice, idr bool
	}{
		{"a keyframe", join(delimiter, parameters, pictures, info, idr, idrMore), parameters, pictures, true, true},
		{"sets alone", join(parameters, pictures), parameters, pictures, false, false},
		{"a picture", join(info, other, otherMore), nil, nil, true, false},
		{"a keyframe without sets", idr, nil, nil, true, true},
		{"one set", join(pictures, idr), nil, pictures, true, true},
		{"nothing", nil, nil, nil, false, false},
		{"a start code", []byte{0, 0, 1}, nil, nil, false, false},
		{"no start code", []byte{0x65, 0x88}, nil, nil, false, false},
	} {
		p := Look(c.unit)
		if !bytes.Equal(p.Sets[0], c.sps) || !bytes.Equal(p.Sets[1], c.pps) || p.Slice != c.slice || p.IDR != c.idr {
			t.Errorf("%s: %+v", c.name, p)
		}
	}
}

func FuzzLook(f *testing.F) {
	f.Add(join(delimiter, parameters, pictures, info, idr, idrMore))
	f.Add([]byte{0, 0, 0, 0, 1})
	f.Fuzz(func(t *testing.T, unit []byte) {
		p := Look(unit)
		for _, set := range p.Sets {
			if set != nil && !bytes.Contains(unit, set) {
				t.Fatal("a set that is not in the unit")
			}
		}
	})
}
