package machine

import (
	"archive/tar"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// list reads a newc archive back: "NAME MODE DATA" in octal per entry.
func list(t *testing.T, archive []byte) (entries []string) {
	t.Helper()
	for len(archive) >= 110 {
		var field [13]int
		for i := range field {
			if _, err := fmt.Sscanf(string(archive[6+8*i:14+8*i]), "%X", &field[i]); err != nil {
				t.Fatal(err)
			}
		}
		nameEnd := 110 + field[11]
		name, data := string(archive[110:nameEnd-1]), (nameEnd+3)/4*4
		if name == "TRAILER!!!" {
			return entries
		}
		entries = append(entries, fmt.Sprintf("%s %o %s", name, field[1], archive[data:data+field[6]]))
		archive = archive[(data+field[6]+3)/4*4:]
	}
	t.Fatal("the archive has no end")
	return nil
}

func written(t *testing.T, fill func(*Archive) error) []string {
	t.Helper()
	var out bytes.Buffer
	a := NewArchive(&out)
	if err := fill(a); err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	return list(t, out.Bytes())
}

func TestFilesBringTheirFoldersOnce(t *testing.T) {
	entries := written(t, func(a *Archive) error {
		if err := a.AddFile("etc/podium/stage.key", 0o600, []byte("secret")); err != nil {
			return err
		}
		return a.AddFile("/etc/podium/x", 0o644, nil)
	})
	want := []string{"etc 40755 ", "etc/podium 40755 ", "etc/podium/stage.key 100600 secret", "etc/podium/x 100644 "}
	if !reflect.DeepEqual(entries, want) {
		t.Errorf("got %q, want %q", entries, want)
	}
}

func TestTreeKeepsItsShape(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"6.1/extra/gpio-sim.ko", "6.1/modules.dep"} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(name), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	entries := written(t, func(a *Archive) error { return a.AddTree("lib/modules", dir) })
	want := []string{
		"lib 40755 ", "lib/modules 40755 ", "lib/modules/6.1 40755 ", "lib/modules/6.1/extra 40755 ",
		"lib/modules/6.1/extra/gpio-sim.ko 100644 6.1/extra/gpio-sim.ko", "lib/modules/6.1/modules.dep 100644 6.1/modules.dep",
	}
	if !reflect.DeepEqual(entries, want) {
		t.Errorf("got %q, want %q", entries, want)
	}
}

func TestTar(t *testing.T) {
	var tarball bytes.Buffer
	w := tar.NewWriter(&tarball)
	for _, h := range []tar.Header{
		{Name: "./", Typeflag: tar.TypeDir, Mode: 0o755},
		{Name: "./usr/bin/perl", Typeflag: tar.TypeReg, Mode: 0o755, Size: 4},
		{Name: "./usr/bin/perl5", Typeflag: tar.TypeLink, Linkname: "./usr/bin/perl"},
		{Name: "./bin/sh", Typeflag: tar.TypeSymlink, Linkname: "dash"},
		{Name: "./bin/mount", Typeflag: tar.TypeReg, Mode: 0o4755},
		{Name: "./dev/null", Typeflag: tar.TypeChar, Mode: 0o666, Devmajor: 1, Devminor: 3},
	} {
		if err := w.WriteHeader(&h); err != nil {
			t.Fatal(err)
		}
		if h.Size > 0 {
			if _, err := w.Write([]byte("perl")); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	entries := written(t, func(a *Archive) error { return a.AddTar(&tarball) })
	want := []string{
		"usr/bin/perl 100755 perl", "usr/bin/perl5 120777 /usr/bin/perl", "bin/sh 120777 dash",
		"bin/mount 104755 ", "dev/null 20666 ",
	}
	if !reflect.DeepEqual(entries, want) {
		t.Errorf("got %q, want %q", entries, want)
	}
}

func TestErrorsStay(t *testing.T) {
	var out bytes.Buffer
	a := NewArchive(&out)
	if err := a.AddFrom("init", 0o755, filepath.Join(t.TempDir(), "missing")); err == nil {
		t.Error("a missing file was packed")
	}
	if err := a.Close(); err == nil || !strings.Contains(err.Error(), "missing") {
		t.Errorf("Close gave %v, want the first error", err)
	}
	a = NewArchive(&out)
	if err := a.Add(Entry{Name: "short", Size: 9, Data: strings.NewReader("four")}); err == nil {
		t.Error("a file shorter than it said was packed")
	}
}
