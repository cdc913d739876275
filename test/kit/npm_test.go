package kit

import (
	"archive/tar"
	"compress/gzip"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// npmPackage is one package of the npm registry, pinned.
type npmPackage struct {
	name, version string
	integrity     string // SHA-512 of the tarball, in base64, as npm writes it
}

var (
	components = npmPackage{"@cloudflare/realtimekit-ui", "2.0.2",
		"C/YgKh07FBbeMMa/uhRrMGNmJw1g2kzPEYMsfgnq52yd1wWWeecQZFMJ9o+xRtpnhJmnRgPOUc8vOCMf+C/ohQ=="}
	typescript = npmPackage{"typescript", "5.9.3",
		"jl1vZzPDinLr9eUt3J/t7V6FgNEw9QjvBPdysz9KfQDD41fQrC2Y4vKQdiaUpFT4bXlb1RHhLpp8wtm6M5TgSw=="}
)

// fetching keeps tests that run beside each other from fetching twice.
var fetching sync.Mutex

// fetch gives the folder with the package's files, from the user's cache or
// by npm. It trusts nothing but the hash.
func (p npmPackage) fetch(t *testing.T) string {
	t.Helper()
	fetching.Lock()
	defer fetching.Unlock()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	cache = filepath.Join(cache, "podium-test")
	if err := os.MkdirAll(cache, 0o755); err != nil {
		t.Fatal(err)
	}
	tarball := filepath.Join(cache, strings.NewReplacer("@", "", "/", "-").Replace(p.name)+"-"+p.version+".tgz")
	if err := p.check(tarball); err != nil {
		p.pack(t, cache)
		if err := p.check(tarball); err != nil {
			t.Fatal(err)
		}
	}
	dir := strings.TrimSuffix(filepath.Join(shared, filepath.Base(tarball)), ".tgz")
	if _, err := os.Stat(dir); err == nil {
		return dir
	}
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := unpack(tarball, dir); err != nil {
		t.Fatalf("cannot unpack %s: %v", tarball, err)
	}
	return dir
}

// pack has npm fetch the tarball, which knows the registry of this machine.
func (p npmPackage) pack(t *testing.T, into string) {
	t.Helper()
	npm, err := exec.LookPath("npm")
	if err != nil {
		t.Fatal("cannot find npm, which fetches what this test drives: install it, on Debian with `apt-get install npm`")
	}
	cmd := exec.Command(npm, "pack", "--silent", p.name+"@"+p.version)
	cmd.Dir = into
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("cannot fetch %s %s by npm: %v\n%s", p.name, p.version, err, out)
	}
}

func (p npmPackage) check(tarball string) error {
	data, err := os.ReadFile(tarball)
	if err != nil {
		return err
	}
	sum := sha512.Sum512(data)
	if got := base64.StdEncoding.EncodeToString(sum[:]); got != p.integrity {
		return fmt.Errorf("%s is not %s %s: its SHA-512 is %s, want %s", tarball, p.name, p.version, got, p.integrity)
	}
	return nil
}

// unpack writes a tarball's files into dir, without npm's leading "package/".
func unpack(tarball, dir string) error {
	file, err := os.Open(tarball)
	if err != nil {
		return err
	}
	defer file.Close()
	zipped, err := gzip.NewReader(file)
	if err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	for r := tar.NewReader(zipped); ; {
		header, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if _, name, _ := strings.Cut(header.Name, "/"); header.Typeflag == tar.TypeReg && name != "" {
			if err := write(root, name, r); err != nil {
				return err
			}
		}
	}
}

func write(root *os.Root, name string, from io.Reader) error {
	if err := root.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	file, err := root.Create(name)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, from)
	return errors.Join(err, file.Close())
}
