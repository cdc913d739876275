package annexb

import (
	"bytes"
	"errors"
)

// MostBytes is the longest access unit that is believed.
const MostBytes = 4 << 20

// ErrTooLong tells of a stream without an end of its access unit: it is no H.264.
var ErrTooLong = errors.New("no access unit of H.264 ends within 4 MiB: is it an Annex B stream?")

// NAL unit types, ITU-T H.264, table 7-1.
const (
	slice    = 1
	sliceIDR = 5
	sei      = 6
	sps      = 7
	pps      = 8
	aud      = 9
)

// Splitter puts the access units of a stream together. The zero value is ready. It
// belongs to one goroutine.
type Splitter struct {
	buf     []byte
	scanned int  // up to where buf was looked through for start codes
	begun   bool // buf begins with a start code
	from    int  // where the NAL unit that is not over begins, at its header
	starts  int  // where its start code begins

	picture bool // a slice of the unit that grows is there
	idr     bool
	sets    [2][]byte // the latest SPS and PPS, with start codes
	has     [2]bool   // the unit that grows has them itself
	pending []Unit
}

// Unit is an access unit.
type Unit struct {
	Data []byte // in Annex B form; its own memory
	IDR  bool   // it can be decoded with nothing before it
}

// Write takes the next bytes of the stream and gives the access units that are complete
// by them. One is complete when the next one begins. Each IDR picture has its parameter
// sets with it, repeated if need be. After ErrTooLong the splitter is of no use.
func (s *Splitter) Write(b []byte) ([]Unit, error) {
	s.pending = nil
	s.buf = append(s.buf, b...)
	for {
		at, length := startCode(s.buf, s.scanned)
		if at < 0 {
			if !s.begun && len(s.buf) > 3 { // what comes before the first start code is nothing
				s.buf = append(s.buf[:0], s.buf[len(s.buf)-3:]...)
				s.scanned = 0
			}
			s.scanned = max(s.scanned, len(s.buf)-3) // a start code may be cut in two
			break
		}
		header := at + length
		if header+1 >= len(s.buf) { // the header and what tells a first slice
			s.scanned = at
			break
		}
		if !s.begun {
			s.buf = s.buf[at:]
			s.begun, s.starts, s.from, s.scanned = true, 0, length, length
			continue
		}
		s.end(at)
		if s.opens(s.buf[header], s.buf[header+1]) && s.picture {
			s.cut(at)
			s.starts, s.from, s.scanned = 0, length, length
			continue
		}
		s.starts, s.from, s.scanned = at, header, header
	}
	if len(s.buf) > MostBytes {
		return s.pending, ErrTooLong
	}
	return s.pending, nil
}

// Flush ends the access unit that grows, where the stream says itself where its units
// end; ok is false when there is none.
func (s *Splitter) Flush() (u Unit, ok bool) {
	if !s.begun || len(s.buf) == 0 {
		return Unit{}, false
	}
	s.pending = nil
	s.end(len(s.buf))
	s.cut(len(s.buf))
	s.begun, s.scanned, s.from, s.starts = false, 0, 0, 0
	return s.pending[0], true
}

// end takes note of the NAL unit that ends before at.
func (s *Splitter) end(at int) {
	if s.from >= at {
		return
	}
	switch s.buf[s.from] & 0x1f {
	case slice:
		s.picture = true
	case sliceIDR:
		s.picture, s.idr = true, true
	case sps:
		s.sets[0], s.has[0] = append(s.sets[0][:0], s.buf[s.starts:at]...), true
	case pps:
		s.sets[1], s.has[1] = append(s.sets[1][:0], s.buf[s.starts:at]...), true
	}
}

// opens reports whether a NAL unit begins an access unit, if there is a picture before
// it (ITU-T H.264, 7.4.1.2.3): its first bytes are header and first. Of slices it is the
// one with the first macroblock, whose number is coded as the bit 1.
func (s *Splitter) opens(header, first byte) bool {
	switch kind := header & 0x1f; {
	case kind == slice, kind == sliceIDR:
		return first&0x80 != 0
	case kind >= sei && kind <= aud, kind >= 14 && kind <= 18:
		return true
	}
	return false
}

// cut ends the access unit at a place in buf.
func (s *Splitter) cut(at int) {
	data := make([]byte, 0, len(s.sets[0])+len(s.sets[1])+at)
	if s.idr {
		for i, set := range s.sets {
			if !s.has[i] {
				data = append(data, set...)
			}
		}
	}
	data = append(data, s.buf[:at]...)
	s.pending = append(s.pending, Unit{Data: data, IDR: s.idr && s.sets[0] != nil && s.sets[1] != nil})
	s.buf = append(s.buf[:0], s.buf[at:]...)
	s.picture, s.idr, s.has = false, false, [2]bool{}
}

// startCode finds the next start code from a place on: 00 00 01, with the zero before
// it that belongs to it. at is -1 when there is none.
func startCode(b []byte, from int) (at, length int) {
	i := bytes.Index(b[min(from, len(b)):], []byte{0, 0, 1})
	if i < 0 {
		return -1, 0
	}
	i += from
	if i > from && b[i-1] == 0 {
		return i - 1, 4
	}
	return i, 3
}

// Profile gives profile_idc and the constraint flags of the latest SPS; ok is false when
// none has come.
func (s *Splitter) Profile() (profile, constraints byte, ok bool) {
	_, length := startCode(s.sets[0], 0)
	if body := s.sets[0]; len(body) >= length+3 && length > 0 {
		return body[length+1], body[length+2], true
	}
	return 0, 0, false
}
