package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"podium/internal/secret"
)

func TestKeyLength(t *testing.T) {
	dir := t.TempDir()
	long := strings.Repeat("k", MinKey)
	for text, says := range map[string]string{
		long: "", long + "\n": "", long + "\r\n": "",
		long[1:]: "has 31 bytes", long[1:] + "\n": "has 31 bytes", "": "has 0 bytes",
		strings.Repeat("k", secret.Max+1): "is it the right file",
	} {
		key, err := ReadKey(write(t, dir, "key", text))
		if says == "" && (err != nil || string(key) != long) {
			t.Errorf("key of %d bytes: got %q, %v", len(text), key, err)
		}
		if says != "" && (err == nil || !strings.Contains(err.Error(), says)) {
			t.Errorf("key of %d bytes: got %v, want %q", len(text), err, says)
		}
	}
}

func TestTokenIsOneLine(t *testing.T) {
	dir := t.TempDir()
	for text, says := range map[string]string{
		"a.b.c": "", "  a.b.c \n": "",
		"": "is empty", " \n": "is empty", "a b": "not one line", "a\nb": "not one line", "a\x00b": "not one line", "ä": "not one line",
	} {
		token, err := ReadToken(write(t, dir, "token", text))
		if says == "" && (err != nil || token != "a.b.c") {
			t.Errorf("%q: got %q, %v", text, token, err)
		}
		if says != "" && (err == nil || !strings.Contains(err.Error(), says)) {
			t.Errorf("%q: got %v, want %q", text, err, says)
		}
	}
	if _, err := ReadToken(dir); err == nil || strings.Count(err.Error(), dir) != 1 {
		t.Errorf("a folder: %v", err)
	}
}

// A bare name is a credential when systemd handed one over; a path never is.
func TestCredentialComesFirst(t *testing.T) {
	dir, credentials := folder(t), t.TempDir()
	write(t, credentials, "stage.key", strings.Repeat("c", MinKey))
	t.Setenv("CREDENTIALS_DIRECTORY", credentials)
	path := write(t, dir, "stage.yaml", "")
	if s, err := LoadStage(path); err != nil || s.KeyFile != filepath.Join(credentials, "stage.key") || s.Key[0] != 'c' {
		t.Errorf("got %s, %v", s.KeyFile, err)
	}
	path = write(t, dir, "stage.yaml", "keyFile: ./stage.key")
	if s, err := LoadStage(path); err != nil || s.KeyFile != filepath.Join(dir, "stage.key") {
		t.Errorf("got %s, %v", s.KeyFile, err)
	}
	if err := os.Remove(filepath.Join(credentials, "stage.key")); err != nil {
		t.Fatal(err)
	}
	path = write(t, dir, "stage.yaml", "keyFile: stage.key")
	if s, err := LoadStage(path); err != nil || s.KeyFile != filepath.Join(dir, "stage.key") {
		t.Errorf("got %s, %v", s.KeyFile, err)
	}
}

// The store lies beside the file, and is no credential.
func TestStoreLiesBesideTheFile(t *testing.T) {
	dir, credentials := folder(t), t.TempDir()
	write(t, credentials, "stage.db", "")
	t.Setenv("CREDENTIALS_DIRECTORY", credentials)
	for given, want := range map[string]string{
		"":                     filepath.Join(dir, "stage.db"),
		"store: data/hall.db":  filepath.Join(dir, "data/hall.db"),
		"store: /var/lib/x.db": "/var/lib/x.db",
		"store: none":          None,
	} {
		if s, err := LoadStage(write(t, dir, "stage.yaml", given)); err != nil || s.Store != want {
			t.Errorf("%q: %s, %v; want %s", given, s.Store, err, want)
		}
	}
}

// A name from the environment counts from the working folder, as typed there.
func TestNameFromEnvironment(t *testing.T) {
	dir, here := folder(t), t.TempDir()
	write(t, here, "mine.key", strings.Repeat("m", MinKey))
	t.Chdir(here)
	t.Setenv("PODIUM_KEY_FILE", "mine.key")
	s, err := LoadStage(write(t, dir, "stage.yaml", "keyFile: stage.key"))
	if err != nil || s.KeyFile != "mine.key" || s.Key[0] != 'm' {
		t.Errorf("got %s, %v", s.KeyFile, err)
	}
}
