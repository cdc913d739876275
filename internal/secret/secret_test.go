package secret

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// Who owns a file and who reads it decide what its mode may be, and the advice.
func TestJudge(t *testing.T) {
	for _, row := range []struct {
		mode                fs.FileMode
		rootOwns, rootReads bool
		says                string // "": kept well
	}{
		{0o600, false, false, ""},
		{0o400, false, false, ""},
		{0o700, false, false, ""},
		{0o640, false, false, "its mode is 0640); take that from them: chmod 600 /k"},
		{0o604, false, true, "0604); take that from them: chmod 600 /k"},
		{0o620, false, false, "0620"},
		{0o610, false, false, "0610"},
		{0o601, false, false, "0601"},
		{0o644, false, false, "0644"},
		{0o600, true, true, ""},
		{0o640, true, false, ""}, // root hands it to the service's group
		{0o440, true, false, ""}, // so do systemd's credentials
		{0o644, true, true, "0644); take that from them: chmod 600 /k"},
		{0o644, true, false, "0644); take that from them: sudo chgrp 42 /k && sudo chmod 640 /k"},
		{0o660, true, false, "0660"},
		{0o641, true, false, "0641"},
	} {
		got := judge("/k", row.mode, row.rootOwns, row.rootReads, 42)
		if (got == "") != (row.says == "") || !strings.Contains(got, row.says) {
			t.Errorf("%04o, root's: %t, read by root: %t: %q, want %q", row.mode, row.rootOwns, row.rootReads, got, row.says)
		}
	}
}

func TestReadKey(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a key")
	if _, err := ReadKey(path); !errors.Is(err, fs.ErrNotExist) || strings.Contains(err.Error(), path) {
		t.Errorf("no file: %v", err)
	}
	write(t, path, "secret", 0o666)
	_, err := ReadKey(path)
	if err == nil || !strings.Contains(err.Error(), "(its mode is 0666); take that from them: chmod 600 '"+path+"'") || strings.Contains(err.Error(), "secret") {
		t.Errorf("a file for everybody: %v", err)
	}
	file, err := Read(path)
	if err != nil || string(file.Data) != "secret" || file.Loose == "" {
		t.Errorf("read all the same: %+v, %v", file, err)
	}
	t.Setenv("CREDENTIALS_DIRECTORY", dir) // the folder is what keeps others out
	if data, err := ReadKey(path); err != nil || string(data) != "secret" {
		t.Errorf("a credential: %q, %v", data, err)
	}
	t.Setenv("CREDENTIALS_DIRECTORY", filepath.Dir(dir))
	if _, err := ReadKey(path); err == nil {
		t.Error("a file in a folder below is no credential")
	}
	t.Setenv("CREDENTIALS_DIRECTORY", "")
	chmod(t, path, 0o600)
	if data, err := ReadKey(path); err != nil || string(data) != "secret" {
		t.Errorf("after chmod 600: %q, %v", data, err)
	}
	write(t, path, strings.Repeat("k", Max+1), 0o600)
	if _, err := ReadKey(path); err == nil || !strings.Contains(err.Error(), "is it the right file?") {
		t.Errorf("too long: %v", err)
	}
	if _, err := ReadKey(dir); err == nil || strings.Contains(err.Error(), dir) {
		t.Errorf("a folder: %v", err)
	}
}

// Nothing decides on the rights of what is written: no umask, and not what was there.
func TestWrite(t *testing.T) {
	defer syscall.Umask(syscall.Umask(0))
	path := filepath.Join(t.TempDir(), "token")
	for _, before := range []fs.FileMode{0, 0o644, 0o666, 0o600} {
		if before != 0 {
			write(t, path, "old and longer than the new one", before)
		}
		if err := Write(path, []byte("new")); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(path)
		data, readErr := os.ReadFile(path)
		if err != nil || readErr != nil || info.Mode().Perm() != 0o600 || string(data) != "new" {
			t.Errorf("after %04o: %v, %q, %v, %v", before, info.Mode(), data, err, readErr)
		}
	}
	if err := Replace(path, []byte("for all"), 0o644); err != nil {
		t.Fatal(err)
	}
	if info, _ := os.Stat(path); info.Mode().Perm() != 0o644 {
		t.Errorf("replaced: %v", info.Mode())
	}
	if left, _ := os.ReadDir(filepath.Dir(path)); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
}

func TestWriteSaysWhatIsInTheWay(t *testing.T) {
	dir := t.TempDir()
	link, target := filepath.Join(dir, "link"), filepath.Join(dir, "target")
	write(t, target, "as it was", 0o600)
	if err := os.Symlink(target, link); err != nil {
		t.Fatal(err)
	}
	for path, says := range map[string]string{
		link:                              "no plain file",
		dir:                               "no plain file",
		filepath.Join(dir, "gone", "key"): "there is no folder " + filepath.Join(dir, "gone"),
	} {
		err := Write(path, []byte("secret"))
		if err == nil || !strings.Contains(err.Error(), "cannot write "+path) || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", path, err)
		}
	}
	if data, err := os.ReadFile(target); err != nil || string(data) != "as it was" {
		t.Errorf("behind the link: %q, %v", data, err)
	}
}

func write(t *testing.T, path, text string, mode fs.FileMode) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
	chmod(t, path, mode)
}

func chmod(t *testing.T, path string, mode fs.FileMode) {
	t.Helper()
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}
