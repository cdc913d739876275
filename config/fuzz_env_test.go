package config

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
)

// FuzzEnvironment overrides one key of either file. The value is refused by the
// variable's name, and the key keeps its value; or it is taken, is what a file
// could have said, and no other key changes.
func FuzzEnvironment(f *testing.F) {
	for key, value := range map[byte]string{0: "https://stage.example", 2: "/run/x.sock", 4: "debug", 6: "a, b,c", 18: "640", 100: "\x00", 131: "9s", 133: "https://a.example,"} {
		f.Add(key, value)
	}
	f.Fuzz(func(t *testing.T, key byte, value string) {
		p, s := DefaultPodium(), DefaultStage()
		table := podiumSchema(&p)
		fresh := func() schema { q := DefaultPodium(); return podiumSchema(&q) }
		if key >= 128 {
			table, fresh = stageSchema(&s), func() schema { q := DefaultStage(); return stageSchema(&q) }
		}
		one := table.settings[int(key&127)%len(table.settings)]
		if strings.Contains(value, "\x00") {
			return // no environment can hold it
		}
		t.Setenv(EnvName(one.key), value)
		before := values(table)
		found := places{keys: map[string]place{}}
		err := fromEnvironment(table, found)
		for key, was := range before {
			if (key != one.key || err != nil) && !equal(table.find(key).get(), was) {
				t.Errorf("%s=%q, %v: %s changed from %q to %q", EnvName(one.key), value, err, key, was, table.find(key).get())
			}
		}
		if err != nil {
			var e *Error
			if !errors.As(err, &e) || e.Env != EnvName(one.key) || e.Key != one.key || e.Reason == "" {
				t.Errorf("%q is refused with %v", value, err)
			}
			return
		}
		readBack(t, table, fresh())
	})
}

// FuzzSecret reads any file as a key and as a token. A key keeps its bytes; a
// token can be sent in a header; no error repeats what may be a secret.
func FuzzSecret(f *testing.F) {
	for _, text := range []string{"0123456789abcdef0123456789abcdef\r\n", "eyJhbGciOiJIUzI1NiJ9.e30.c2ln\n", " \x00", "", "\xff\xfe0123456789abcdef0123456789abcdef"} {
		f.Add([]byte(text))
	}
	dir, err := os.MkdirTemp("", "secret")
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = os.RemoveAll(dir) })
	path := filepath.Join(dir, "secret")
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		key, err := ReadKey(path)
		switch {
		case err == nil && (len(key) < MinKey || !bytes.HasPrefix(data, key) || strings.Trim(string(data[len(key):]), "\r\n") != ""):
			t.Errorf("%q is read as the key %q", data, key)
		case err != nil:
			wantSecret(t, err, data)
		}
		token, err := ReadToken(path)
		bad := func(r rune) bool { return r > unicode.MaxASCII || r <= ' ' || r == 0x7f }
		switch {
		case err == nil && (token == "" || strings.ContainsFunc(token, bad) || !bytes.Contains(data, []byte(token))):
			t.Errorf("%q is read as the token %q", data, token)
		case err != nil:
			wantSecret(t, err, data)
		}
	})
}

func wantSecret(t *testing.T, err error, data []byte) {
	t.Helper()
	// What is short stands in every sentence by chance.
	if secret := strings.TrimSpace(string(data)); len(secret) > 15 && strings.Contains(err.Error(), secret) {
		t.Errorf("the error shows the secret: %v", err)
	}
}
