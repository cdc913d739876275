package machine

import (
	"context"
	"crypto/sha256"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

//go:embed image/*.sh image/*.txt image/*.patch
var embedded embed.FS

// Image is what a machine boots from, apart from the overlay of each run.
type Image struct {
	Kernel  string // path of the kernel
	Root    string // path of the root file system, a newc archive
	Modules string // path of the modules, a newc archive
	Version string // kernel release and Debian version
}

// part is one cached piece of the image: the script that makes it and what the
// script reads. Its key is the hash of all of that, so a changed recipe is a
// new part and an unchanged one needs neither network nor time.
type part struct {
	name    string
	recipes fs.FS // holds NAME.sh and the other inputs
	inputs  []string
	finish  func(dir string) error
}

// format is part of every key: raise it when the way the parts are packed
// changes without a change in the scripts.
const format = "1"

// BuildImage makes the image or finds it in the cache. progress gets one line
// per part. The cache is podium-hil in the user's cache folder
// ($XDG_CACHE_HOME or ~/.cache); remove it for newer Debian packages.
func BuildImage(ctx context.Context, progress func(string)) (Image, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return Image{}, fmt.Errorf("cannot find a place for the machine's image: %w", err)
	}
	cache = filepath.Join(cache, "podium-hil")
	recipes, err := fs.Sub(embedded, "image")
	if err != nil {
		return Image{}, err
	}
	kernel, err := part{"kernel", recipes, []string{"apt.sh", "kernel.sh", "modules.txt", "dummy_hcd.patch"}, packModules}.make(ctx, cache, progress)
	if err != nil {
		return Image{}, err
	}
	root, err := part{"rootfs", recipes, []string{"apt.sh", "rootfs.sh"}, packRoot}.make(ctx, cache, progress)
	if err != nil {
		return Image{}, err
	}
	version, err := os.ReadFile(filepath.Join(kernel, "version"))
	return Image{
		Kernel:  filepath.Join(kernel, "vmlinuz"),
		Modules: filepath.Join(kernel, "modules.cpio"),
		Root:    filepath.Join(root, "root.cpio"),
		Version: strings.TrimSpace(string(version)),
	}, err
}

// making is held while a part is looked for and built: machines that boot at the
// same time build each part once.
var making sync.Mutex

// make returns the folder that holds the part. It is built under another name
// and moved into place when complete, so a broken build is never taken for one.
// Where another process was faster, its folder is taken: the recipe is the same.
func (p part) make(ctx context.Context, cache string, progress func(string)) (dir string, err error) {
	making.Lock()
	defer making.Unlock()
	key, err := p.key()
	if err != nil {
		return "", err
	}
	dir = filepath.Join(cache, p.name+"-"+key)
	if _, err := os.Stat(dir); err == nil {
		progress(fmt.Sprintf("%s: cached in %s", p.name, dir))
		return dir, nil
	}
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return "", err
	}
	work, err := os.MkdirTemp(cache, "partial-"+p.name+"-")
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	start := time.Now()
	if err := p.build(ctx, work); err != nil {
		return "", err
	}
	progress(fmt.Sprintf("%s: built in %.1f s", p.name, time.Since(start).Seconds()))
	if err := os.Rename(work, dir); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", err
	}
	return dir, nil
}

func (p part) key() (string, error) {
	sum := sha256.New()
	fmt.Fprintln(sum, p.name, format)
	for _, name := range p.inputs {
		data, err := fs.ReadFile(p.recipes, name)
		if err != nil {
			return "", err
		}
		fmt.Fprintln(sum, name, len(data))
		sum.Write(data)
	}
	return fmt.Sprintf("%x", sum.Sum(nil))[:12], nil
}

func (p part) build(ctx context.Context, work string) error {
	if err := os.Chmod(work, 0o755); err != nil {
		return err
	}
	for _, name := range p.inputs {
		data, err := fs.ReadFile(p.recipes, name)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(work, name), data, 0o644); err != nil {
			return err
		}
	}
	cmd := exec.CommandContext(ctx, "sh", p.name+".sh")
	cmd.Dir = work
	cmd.WaitDelay = 5 * time.Second
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("cannot build the machine's %s: %w\n%s", p.name, err, tail(out, 40))
	}
	return p.finish(work)
}

func packModules(dir string) error {
	return pack(filepath.Join(dir, "modules.cpio"), func(a *Archive) error {
		return a.AddTree("lib/modules", filepath.Join(dir, "modules"))
	})
}

func packRoot(dir string) error {
	source := filepath.Join(dir, "root.tar")
	in, err := os.Open(source)
	if err != nil {
		return err
	}
	defer in.Close()
	if err := pack(filepath.Join(dir, "root.cpio"), func(a *Archive) error { return a.AddTar(in) }); err != nil {
		return err
	}
	return os.Remove(source)
}

// pack writes one archive file with what fill adds to it.
func pack(name string, fill func(*Archive) error) error {
	out, err := os.Create(name)
	if err != nil {
		return err
	}
	defer out.Close()
	archive := NewArchive(out)
	if err := fill(archive); err != nil {
		return fmt.Errorf("cannot pack %s: %w", filepath.Base(name), err)
	}
	if err := archive.Close(); err != nil {
		return err
	}
	return out.Close()
}

// join writes the files one after the other into name.
func join(name string, files ...string) error {
	out, err := os.Create(name)
	if err != nil {
		return err
	}
	defer out.Close()
	for _, file := range files {
		in, err := os.Open(file)
		if err != nil {
			return err
		}
		_, err = io.Copy(out, in)
		in.Close()
		if err != nil {
			return err
		}
	}
	return out.Close()
}

// tail returns the last n lines.
func tail(text []byte, n int) string {
	lines := strings.Split(strings.TrimRight(string(text), "\n"), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}
