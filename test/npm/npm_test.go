package npm

import (
	"os"
	"path/filepath"
	"testing"
)

func TestOnlyTheHashIsTrusted(t *testing.T) {
	dir := t.TempDir()
	p := Package{Name: "@scope/name", Version: "1.2.3", Integrity: "m3HSJL1i83hdltRq0+o9czGb+8KJDKra4t/3JRlnPKcjI8PZm6XBHXx6zG4UuMXaDEZjR1wuXDre9G9zvN7AQw=="}
	file := filepath.Join(dir, "scope-name-1.2.3.tgz")
	if p.File() != filepath.Base(file) {
		t.Errorf("the tarball is called %s", p.File())
	}
	for content, good := range map[string]bool{"hello": true, "hello!": false} {
		if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := p.check(file); (err == nil) != good {
			t.Errorf("%q: %v", content, err)
		}
	}
}

func TestATarballThatIsNone(t *testing.T) {
	if err := unpack([]byte("hello"), t.TempDir()); err == nil {
		t.Error("unpacked")
	}
}
