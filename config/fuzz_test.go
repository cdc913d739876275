package config

import (
	"bytes"
	"errors"
	"testing"
)

// FuzzPodiumYAML: whatever the bytes, no panic, every error names file and line,
// and what was accepted can be printed and read back to the same values.
func FuzzPodiumYAML(f *testing.F) {
	var whole bytes.Buffer
	if err := PrintPodium(&whole); err != nil {
		f.Fatal(err)
	}
	f.Add(whole.Bytes())
	for _, seed := range []string{"", "a: [", "camera: {width: 640}", "join: press\n---\n", "? a\n: b", "&a : *a", "panel:\n  chips: [a, 'b']\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 4<<10 { // what is longer is only slower
			return
		}
		p := DefaultPodium()
		table := podiumSchema(&p)
		err := parse("f.yaml", data, table, places{file: "f.yaml", keys: map[string]place{}})
		if err != nil {
			var e *Error
			if !errors.As(err, &e) || e.File != "f.yaml" || e.Reason == "" {
				t.Fatalf("not a config error: %v", err)
			}
			return
		}
		readBack(t, table)
	})
}

func readBack(t *testing.T, table schema) {
	var printed bytes.Buffer
	if err := printSchema(&printed, table); err != nil {
		t.Fatal(err)
	}
	q := DefaultPodium()
	again := podiumSchema(&q)
	if err := parse("g.yaml", printed.Bytes(), again, places{keys: map[string]place{}}); err != nil {
		t.Fatalf("cannot read what was printed: %v\n%s", err, printed.Bytes())
	}
	for i, one := range table.settings {
		if got, want := again.settings[i].get(), one.get(); !equal(got, want) {
			t.Fatalf("%s: %q became %q", one.key, want, got)
		}
	}
}

func equal(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
