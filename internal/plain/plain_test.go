package plain

import (
	"testing"
	"unicode/utf8"
)

func TestLine(t *testing.T) {
	for _, row := range []struct {
		in   string
		most int
		want string
	}{
		{"", 10, ""},
		{" a\n", 10, "a"},
		{"one\ntwo\tthree", 100, "one two three"},
		{"\x1b[31mred\x1b[0m", 100, "[31mred[0m"},
		{"\u202egnirts", 100, "gnirts"}, // turns what follows round
		{"Gr\u00fc\u00df\xffe, \u4e16\u754c", 100, "Gr\u00fc\u00dfe, \u4e16\u754c"},
		{"0123456789 and so on", 10, "0123456789"},
		{"012345678\u00e9 is cut in two", 10, "012345678"},
		{"nothing of it", 0, ""},
	} {
		if got := Line(row.in, row.most); got != row.want {
			t.Errorf("%q gives %q, want %q", row.in, got, row.want)
		}
	}
}

func FuzzLine(f *testing.F) {
	f.Add("a\x1b]0;title\a\r\nb", 10)
	f.Fuzz(func(t *testing.T, text string, most int) {
		most = max(0, min(most, 1<<16))
		got := Line(text, most)
		if !utf8.ValidString(got) || len(got) > most || Line(got, most) != got {
			t.Errorf("%q gives %q", text, got)
		}
	})
}
