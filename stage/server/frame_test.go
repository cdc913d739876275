package server

import (
	"bytes"
	"testing"
)

// The header's three forms change at 126 and at 65536 bytes (RFC 6455, 5.2).
func TestFrameHeaders(t *testing.T) {
	for length, want := range map[int][]byte{
		0: {0x81, 0}, 125: {0x81, 125}, 126: {0x81, 126, 0, 126}, 65535: {0x81, 126, 0xff, 0xff},
		65536: {0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0},
	} {
		payload := bytes.Repeat([]byte("x"), length)
		f := text(payload[:length/2], payload[length/2:])
		whole := bytes.Join(f, nil)
		if !bytes.HasPrefix(whole, want) || len(whole) != len(want)+length || f.size() != len(whole) {
			t.Errorf("%d bytes: begins %x, has %d, says %d", length, whole[:min(10, len(whole))], len(whole), f.size())
		}
	}
}

// A large part is shared, not copied.
func TestLargePartsAreShared(t *testing.T) {
	large := make([]byte, copied+1)
	f := text([]byte("{"), large, []byte("}"))
	if len(f) != 4 || &f[2][0] != &large[0] {
		t.Errorf("it has %d pieces", len(f))
	}
}
