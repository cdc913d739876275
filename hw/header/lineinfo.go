package header

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"strings"
	"unicode"
	"unsafe"

	"golang.org/x/sys/unix"
)

// The kernel's GPIO_V2_GET_LINEINFO_IOCTL, which periph asks only once, at its
// start: _IOWR(0xB4, 0x05, struct gpio_v2_line_info) of include/uapi/linux/gpio.h.
// The bits of an ioctl's number are the same on every architecture that Go and
// Raspberry Pi share.
const (
	getLineInfo  = 3<<30 | lineInfoSize<<16 | 0xB4<<8 | 0x05
	lineInfoSize = 256

	consumerAt, consumerEnd = 32, 64 // after the name, NUL-padded
	offsetAt                = 64     // u32
	flagsAt                 = 72     // u64, after num_attrs
	flagUsed                = 1 << 0 // GPIO_V2_LINE_FLAG_USED
)

// readLineInfo asks a chip about one line. Its errors name the chip's file.
func readLineInfo(chip string, offset int) (Line, error) {
	f, err := os.Open(chip)
	if err != nil {
		return Line{}, err
	}
	defer f.Close()
	var info [lineInfoSize]byte
	binary.NativeEndian.PutUint32(info[offsetAt:], uint32(offset))
	_, _, errno := unix.Syscall(unix.SYS_IOCTL, f.Fd(), getLineInfo, uintptr(unsafe.Pointer(&info)))
	if errno != 0 {
		return Line{}, fmt.Errorf("%s: line info: %w", chip, errno)
	}
	return decodeLineInfo(&info), nil
}

func decodeLineInfo(info *[lineInfoSize]byte) Line {
	return Line{
		Name:   text(info[:consumerAt]),
		Holder: text(info[consumerAt:consumerEnd]),
		Offset: int(binary.NativeEndian.Uint32(info[offsetAt:])),
		Used:   binary.NativeEndian.Uint64(info[flagsAt:])&flagUsed != 0,
	}
}

// text is what stands before the first NUL, without what could drive a terminal:
// any program may hold a line under any name.
func text(field []byte) string {
	before, _, _ := bytes.Cut(field, []byte{0})
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return -1
	}, strings.ToValidUTF8(string(before), ""))
}

// refusal says why a request of lines failed: periph hands on the text of the
// kernel's error without its number, and not which line it was.
func (h *Header) refusal(names []string, cause error) error {
	if strings.Contains(cause.Error(), unix.EBUSY.Error()) {
		for _, name := range names {
			if line, err := h.Line(name); err == nil && line.Used {
				return fmt.Errorf("cannot use line %s of %s: %w", name, h, busy(line.Holder, os.Getpid()))
			}
		}
	}
	return fmt.Errorf("cannot use line %s of %s: %w", strings.Join(names, ", "), h, cause)
}

// busy says who holds a line and what to do. Its error is unix.EBUSY.
func busy(holder string, self int) error {
	switch {
	case strings.HasSuffix(holder, fmt.Sprintf("@%d", self)):
		return fmt.Errorf("%w: this process holds it already; is it named twice in the configuration?", unix.EBUSY)
	case holder == "":
		return fmt.Errorf("%w: a kernel driver holds it; choose another line, or switch off the overlay that uses it", unix.EBUSY)
	default:
		return fmt.Errorf("%w: %s holds it; end that, or choose another line", unix.EBUSY, holder)
	}
}
