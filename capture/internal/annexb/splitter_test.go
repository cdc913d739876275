package annexb

import (
	"bytes"
	"errors"
	"testing"

	"pgregory.net/rapid"
)

// nal is a NAL unit of a kind with a start code of 3 or 4 bytes.
func nal(kind byte, long bool, body ...byte) []byte {
	code := []byte{0, 0, 1}
	if long {
		code = []byte{0, 0, 0, 1}
	}
	return append(append(code, kind), body...)
}

func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

var (
	parameters = nal(0x67, true, 66, 0xe0, 31)
	pictures   = nal(0x68, true, 0xce, 0x3c)
	idr        = nal(0x65, false, 0x88, 1, 2, 3)
	idrMore    = nal(0x65, false, 0x12, 4, 5)
	other      = nal(0x41, true, 0x9a, 6, 7)
	otherMore  = nal(0x41, false, 0x22, 8)
	info       = nal(0x06, true, 1, 2, 0x80)
	delimiter  = nal(0x09, true, 0xf0)
)

// want is what comes of one stream, and its access units.
var streams = []struct {
	name   string
	stream []byte
	want   [][]byte
	idr    []bool
}{
	{"one kind after the other", join(parameters, pictures, idr, other, other, other),
		[][]byte{join(parameters, pictures, idr), other, other}, []bool{true, false, false}},
	{"several slices", join(parameters, pictures, idr, idrMore, other, otherMore, other),
		[][]byte{join(parameters, pictures, idr, idrMore), join(other, otherMore)}, []bool{true, false}},
	{"delimiters and SEI", join(delimiter, parameters, pictures, info, idr, delimiter, info, other, delimiter, other),
		[][]byte{join(delimiter, parameters, pictures, info, idr), join(delimiter, info, other)}, []bool{true, false}},
	{"sets only once", join(parameters, pictures, idr, other, idr, other),
		[][]byte{join(parameters, pictures, idr), other, join(parameters, pictures, idr)}, []bool{true, false, true}},
	{"garbage first", join([]byte{9, 9, 0, 0, 2, 0}, parameters, pictures, idr, other),
		[][]byte{join(parameters, pictures, idr)}, []bool{true}},
	{"no sets at all", join(idr, other, other), [][]byte{idr, other}, []bool{false, false}},
}

func TestSplit(t *testing.T) {
	for _, c := range streams {
		for _, size := range []int{1, 2, 3, 5, 1000} {
			var s Splitter
			var got []Unit
			for rest := c.stream; len(rest) > 0; {
				n := min(size, len(rest))
				units, err := s.Write(rest[:n])
				if err != nil {
					t.Fatal(err)
				}
				got, rest = append(got, units...), rest[n:]
			}
			if len(got) != len(c.want) {
				t.Errorf("%s, %d bytes at a time: %d units, want %d", c.name, size, len(got), len(c.want))
				continue
			}
			for i, u := range got {
				// A zero before a start code may belong to either side.
				if !bytes.Equal(bytes.TrimRight(u.Data, "\x00"), bytes.TrimRight(c.want[i], "\x00")) || u.IDR != c.idr[i] {
					t.Errorf("%s, %d bytes at a time, unit %d: %x (IDR %t), want %x", c.name, size, i, u.Data, u.IDR, c.want[i])
				}
			}
		}
	}
}

// A camera gives its access units one by one.
func TestFlush(t *testing.T) {
	var s Splitter
	if _, ok := s.Flush(); ok {
		t.Error("a unit of nothing")
	}
	for i, c := range []struct {
		data, want []byte
		idr        bool
	}{
		{join(parameters, pictures, idr, idrMore), join(parameters, pictures, idr, idrMore), true}, {join(other, otherMore), join(other, otherMore), false},
		{idr, join(parameters, pictures, idr), true}, {other, other, false},
	} {
		units, err := s.Write(c.data)
		u, ok := s.Flush()
		if err != nil || len(units) != 0 || !ok || !bytes.Equal(u.Data, c.want) || u.IDR != c.idr {
			t.Errorf("unit %d: %x (IDR %t), %d others, %v; want %x", i, u.Data, u.IDR, len(units), err, c.want)
		}
	}
}

func TestProfile(t *testing.T) {
	var s Splitter
	if _, _, ok := s.Profile(); ok {
		t.Error("a profile of nothing")
	}
	if _, err := s.Write(join(parameters, pictures, idr)); err != nil {
		t.Fatal(err)
	}
	if profile, constraints, ok := s.Profile(); !ok || profile != 66 || constraints != 0xe0 {
		t.Errorf("profile %d, %#x, %t", profile, constraints, ok)
	}
}

func TestStreamWithoutAnEnd(t *testing.T) {
	var s Splitter
	_, err := s.Write(idr)
	for range 10 {
		if err == nil {
			_, err = s.Write(bytes.Repeat([]byte{7}, MostBytes/8))
		}
	}
	if !errors.Is(err, ErrTooLong) {
		t.Errorf("got %v", err)
	}
	var noise Splitter
	for range 100 {
		if _, err := noise.Write(bytes.Repeat([]byte{7}, MostBytes/8)); err != nil || len(noise.buf) > MostBytes {
			t.Fatalf("what is no stream at all: %v, %d bytes are kept", err, len(noise.buf))
		}
	}
}

// However a stream is cut into pieces, it gives the same access units.
func TestAnyPieces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var stream []byte
		for range rapid.IntRange(1, 20).Draw(t, "NAL units") {
			body := rapid.SliceOfN(rapid.ByteRange(1, 255), 1, 20).Draw(t, "body")
			stream = append(stream, nal(rapid.SampledFrom([]byte{0x67, 0x68, 0x65, 0x41, 0x06, 0x09, 0x0c}).Draw(t, "kind"), rapid.Bool().Draw(t, "long"), body...)...)
		}
		var whole, pieces Splitter
		want, err := whole.Write(stream)
		if err != nil {
			t.Fatal(err)
		}
		var got []Unit
		for rest := stream; len(rest) > 0; {
			n := rapid.IntRange(1, len(rest)).Draw(t, "piece")
			units, err := pieces.Write(rest[:n])
			if err != nil {
				t.Fatal(err)
			}
			got, rest = append(got, units...), rest[n:]
		}
		if len(got) != len(want) {
			t.Fatalf("%d units in pieces, %d at once, of %x", len(got), len(want), stream)
		}
		for i := range got {
			if !bytes.Equal(got[i].Data, want[i].Data) || got[i].IDR != want[i].IDR {
				t.Fatalf("unit %d is %x in pieces, %x at once", i, got[i].Data, want[i].Data)
			}
		}
	})
}

// FuzzSplit: whatever comes, nothing panics, little is kept, and what is given is made
// of what came.
func FuzzSplit(f *testing.F) {
	for _, c := range streams {
		f.Add(c.stream, 3)
	}
	f.Fuzz(func(t *testing.T, stream []byte, size int) {
		size = max(1, min(size, 1<<16))
		var s Splitter
		total := 0
		for rest := stream; len(rest) > 0; {
			n := min(size, len(rest))
			units, err := s.Write(rest[:n])
			if err != nil {
				return
			}
			for _, u := range units {
				total += len(u.Data)
				if at, _ := startCode(u.Data, 0); at < 0 {
					t.Fatalf("a unit without a start code: %x", u.Data)
				}
			}
			rest = rest[n:]
		}
		s.Profile()
	})
}
