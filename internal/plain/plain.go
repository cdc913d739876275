package plain

import (
	"strings"
	"unicode"
)

// Line gives what of a text can be shown on one line: white space is a blank each,
// what is not to be seen and what is no UTF-8 is left out, and so is what stands
// behind the first most bytes.
func Line(text string, most int) string {
	if len(text) > most {
		text = text[:most]
	}
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsPrint(r):
			return r
		case unicode.IsSpace(r):
			return ' '
		}
		return -1
	}, strings.ToValidUTF8(text, "")))
}
