//go:build linux && (amd64 || arm64)

package videodev

import (
	"bytes"
	"strings"
	"unicode"
)

// Rate turns a time per frame into frames per second; 0: the driver says none.
func (f Fraction) Rate() float64 {
	if f.Numerator == 0 {
		return 0
	}
	return float64(f.Denominator) / float64(f.Numerator)
}

// Text is what stands before the first NUL, without what could drive a terminal: a
// device's name comes from the device.
func Text(b []byte) string {
	b, _, _ = bytes.Cut(b, []byte{0})
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return -1
	}, strings.ToValidUTF8(string(b), ""))
}
