package npm

import (
	"archive/tar"
	"bytes"
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
)

// Package is one package of the npm registry, pinned.
type Package struct {
	Name, Version string
	Integrity     string // SHA-512 of the tarball, in base64, as npm writes it
}

// Unpack writes the package's files into dir, which exists. They come from the
// user's cache, or else by npm.
func (p Package) Unpack(dir string) error {
	cache, err := os.UserCacheDir()
	if err != nil {
		return err
	}
	tarball, err := p.tarball(filepath.Join(cache, "podium-test"))
	if err != nil {
		return err
	}
	if err := unpack(tarball, dir); err != nil {
		return fmt.Errorf("cannot unpack %s %s: %w", p.Name, p.Version, err)
	}
	return nil
}

// File is the name of the package's tarball, as npm gives it.
func (p Package) File() string {
	return strings.NewReplacer("@", "", "/", "-").Replace(p.Name) + "-" + p.Version + ".tgz"
}

// tarball gives what lies in the cache, and has npm bring it when it does not or
// is another.
func (p Package) tarball(cache string) ([]byte, error) {
	if data, err := p.check(filepath.Join(cache, p.File())); err == nil {
		return data, nil
	}
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return nil, err
	}
	if err := p.pack(cache); err != nil {
		return nil, err
	}
	return p.check(filepath.Join(cache, p.File()))
}

// pack has npm fetch the tarball: it knows the registry of this machine.
func (p Package) pack(into string) error {
	npm, err := exec.LookPath("npm")
	if err != nil {
		return errors.New("cannot find npm, which fetches what this test drives: install it, on Debian with `apt-get install npm`")
	}
	cmd := exec.Command(npm, "pack", "--silent", p.Name+"@"+p.Version)
	cmd.Dir = into
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("cannot fetch %s %s by npm: %w\n%s", p.Name, p.Version, err, out)
	}
	return nil
}

func (p Package) check(tarball string) ([]byte, error) {
	data, err := os.ReadFile(tarball)
	if err != nil {
		return nil, err
	}
	sum := sha512.Sum512(data)
	if got := base64.StdEncoding.EncodeToString(sum[:]); got != p.Integrity {
		return nil, fmt.Errorf("%s is not %s %s: its SHA-512 is %s, want %s", tarball, p.Name, p.Version, got, p.Integrity)
	}
	return data, nil
}

// unpack writes a tarball's files into dir, without npm's leading "package/".
func unpack(tarball []byte, dir string) error {
	zipped, err := gzip.NewReader(bytes.NewReader(tarball))
	if err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }()
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
