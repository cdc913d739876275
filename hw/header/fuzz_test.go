package header

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/sys/unix"
)

// FuzzLineInfo reads any answer of a GPIO chip's driver: names end with their
// field, and can be shown to a person.
func FuzzLineInfo(f *testing.F) {
	f.Add([]byte("GPIO17"), []byte("podium@812"), uint32(17), byte(1))
	f.Add(bytes.Repeat([]byte("n"), 40), bytes.Repeat([]byte{0xff}, 40), uint32(1<<31), byte(0))
	f.Add([]byte("\x1b[2J"), []byte("a\x00b"), uint32(0), byte(3))
	f.Fuzz(func(t *testing.T, name, holder []byte, offset uint32, flags byte) {
		var info [lineInfoSize]byte
		copy(info[:consumerAt], name)
		copy(info[consumerAt:consumerEnd], holder)
		binary.NativeEndian.PutUint32(info[offsetAt:], offset)
		binary.NativeEndian.PutUint64(info[flagsAt:], uint64(flags))
		line := decodeLineInfo(&info)
		for given, got := range map[string]string{string(name): line.Name, string(holder): line.Holder} {
			if len(got) > 32 || strings.ContainsFunc(got, func(r rune) bool { return !unicode.IsPrint(r) }) {
				t.Errorf("%q is read as %q", given, got)
			}
		}
		if line.Used != (flags&flagUsed != 0) || uint32(line.Offset) != offset {
			t.Errorf("offset %d, flags %x are read as %+v", offset, flags, line)
		}
		if err := busy(line.Holder, os.Getpid()); !errors.Is(err, unix.EBUSY) {
			t.Errorf("%q holds it: %v", line.Holder, err)
		}
	})
}
