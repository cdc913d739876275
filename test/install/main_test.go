//go:build install

package install

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// suites are the Debian releases that the package is for.
var suites = []string{"bookworm", "trixie"}

// release makes a package from the tree, of a version.
type release struct{ version, path string }

// releases are the package, and the one that comes after it.
var releases [2]release

func TestMain(m *testing.M) {
	if os.Geteuid() != 0 {
		fmt.Fprintln(os.Stderr, "installing a package in a system of its own needs root: sudo make install-test")
		os.Exit(1)
	}
	folder, err := os.MkdirTemp("", "podium-install-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	for n, version := range []string{"0.0.1", "0.0.2"} {
		if err := releases[n].make("../..", folder, version); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	code := m.Run()
	_ = os.RemoveAll(folder)
	os.Exit(code)
}

// make makes the package of the tree at root, into a folder.
func (r *release) make(root, folder, version string) error {
	cmd := exec.Command(filepath.Join(root, "build/deb/build.sh"), "amd64", folder)
	cmd.Env = append(os.Environ(), "VERSION_DEB="+version)
	var complaints strings.Builder
	cmd.Stderr = &complaints
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("cannot make the package: %w\n%s", err, complaints.String())
	}
	r.version, r.path = version, strings.TrimSpace(string(out))
	return nil
}

// image gives a clean system as an archive; it is made once, and kept for a week.
func image(t *testing.T, suite string) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(cache, "podium-install", suite+".tar")
	if made, err := os.Stat(path); err == nil && time.Since(made.ModTime()) < 7*24*time.Hour {
		return path
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Logf("making a clean Debian %s", suite)
	mirror := os.Getenv("PODIUM_DEBIAN_MIRROR")
	args := []string{"--variant=minbase", "--include=systemd,udev,iproute2", suite, path + ".partial.tar"}
	if mirror != "" {
		args = append(args, mirror)
	}
	if out, err := exec.Command("mmdebstrap", args...).CombinedOutput(); err != nil {
		t.Fatalf("mmdebstrap: %v\n%s", err, out)
	}
	if err := os.Rename(path+".partial.tar", path); err != nil {
		t.Fatal(err)
	}
	return path
}
