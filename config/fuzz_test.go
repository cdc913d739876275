package config

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
)

// FuzzPodiumYAML: whatever the bytes, no panic, every error names file and line,
// and what was accepted can be printed and read back to the same values.
func FuzzPodiumYAML(f *testing.F) {
	fuzzYAML(f, PrintPodium, func() schema { p := DefaultPodium(); return podiumSchema(&p) })
}

// FuzzStageYAML is the same for the server's file.
func FuzzStageYAML(f *testing.F) {
	for _, seed := range []string{"lease: 1m0.5s\n", "announce: [192.0.2.1, '2001:db8::1']\n", "origins: [https://a.example, 'http://b.example:8080']\ntls: {certFile: a, keyFile: b}\n", "publicURL: https://a.example/x?y\n"} {
		f.Add([]byte(seed))
	}
	fuzzYAML(f, PrintStage, func() schema { s := DefaultStage(); return stageSchema(&s) })
}

func fuzzYAML(f *testing.F, sample func(io.Writer) error, fresh func() schema) {
	var whole bytes.Buffer
	if err := sample(&whole); err != nil {
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
		table := fresh()
		before := values(table)
		err := parse("f.yaml", data, table, places{file: "f.yaml", keys: map[string]place{}})
		if err != nil {
			var e *Error
			if !errors.As(err, &e) || e.File != "f.yaml" || e.Reason == "" {
				t.Fatalf("not a config error: %v", err)
			}
			wantOthersUntouched(t, err, table, before)
			return
		}
		readBack(t, table, fresh())
	})
}

// values gives what every key holds.
func values(s schema) map[string][]string {
	all := map[string][]string{}
	for _, one := range s.settings {
		all[one.key] = append([]string(nil), one.get()...)
	}
	return all
}

// wantOthersUntouched wants a key that was refused to keep its value.
func wantOthersUntouched(t *testing.T, err error, s schema, before map[string][]string) {
	t.Helper()
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return
	}
	for _, one := range joined.Unwrap() {
		var e *Error
		if errors.As(one, &e) && s.find(e.Key) != nil && !strings.Contains(e.Reason, "twice") && !equal(s.find(e.Key).get(), before[e.Key]) {
			t.Errorf("%s was refused, and changed from %q to %q", e.Key, before[e.Key], s.find(e.Key).get())
		}
	}
}

func readBack(t *testing.T, table, again schema) {
	t.Helper()
	var printed bytes.Buffer
	if err := printSchema(&printed, table); err != nil {
		t.Fatal(err)
	}
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
