package machine

import (
	"archive/tar"
	"bufio"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// Archive writes the kernel's initramfs format ("newc", see the kernel's
// Documentation/driver-api/early-userspace/buffer-format.rst). Several archives
// written one after the other are one initramfs; the later entry wins, which
// is how the overlay reaches the machine.
type Archive struct {
	out   *bufio.Writer
	inode int
	made  map[string]bool
	err   error
}

// Entry is one file of an Archive. Mode holds the type bits as stat(2) gives
// them; Target is a symbolic link's.
type Entry struct {
	Name         string
	Mode         uint32
	Major, Minor int64
	Data         io.Reader
	Size         int64
}

// The file type bits of stat(2), which are newc's as well.
const (
	typeFile = 0o100000
	typeDir  = 0o040000
	typeLink = 0o120000
	typeChar = 0o020000
)

// NewArchive starts an archive on w.
func NewArchive(w io.Writer) *Archive {
	return &Archive{out: bufio.NewWriterSize(w, 1<<20), made: map[string]bool{}}
}

// Add writes one entry. The first error stays and comes back from Close too.
func (a *Archive) Add(e Entry) error {
	name := strings.TrimPrefix(path.Clean("/"+e.Name), "/")
	if a.err != nil || name == "" {
		return a.err
	}
	a.made[name] = true
	a.header(name, e)
	if e.Data != nil {
		n, err := io.Copy(a.out, e.Data)
		if err == nil && n != e.Size {
			err = fmt.Errorf("cannot pack %s: %d bytes came instead of %d", name, n, e.Size)
		}
		a.keep(err)
	}
	a.pad(e.Size)
	return a.err
}

// AddFile writes a regular file and the folders above it.
func (a *Archive) AddFile(name string, mode uint32, data []byte) error {
	a.addParents(name)
	return a.Add(Entry{Name: name, Mode: typeFile | mode, Size: int64(len(data)), Data: strings.NewReader(string(data))})
}

// AddFrom copies a file of this machine into the archive.
func (a *Archive) AddFrom(name string, mode uint32, source string) error {
	data, err := os.ReadFile(source)
	if err != nil {
		a.keep(err)
		return err
	}
	return a.AddFile(name, mode, data)
}

// AddTree copies the folders and regular files below dir to prefix.
func (a *Archive) AddTree(prefix, dir string) error {
	walk := func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, file)
		if err != nil {
			return err
		}
		return a.AddFrom(path.Join(prefix, rel), 0o644, file)
	}
	a.keep(filepath.WalkDir(dir, walk))
	return a.err
}

// AddTar copies a tar archive. A hard link becomes a symbolic link, which is
// the same to every program in the machine and needs no second look at the tar.
func (a *Archive) AddTar(in io.Reader) error {
	for src := tar.NewReader(in); a.err == nil; {
		h, err := src.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			a.keep(err)
			break
		}
		a.keep(a.Add(fromTar(h, src)))
	}
	return a.err
}

// Close ends the archive; it does not close the writer below.
func (a *Archive) Close() error {
	a.header("TRAILER!!!", Entry{})
	a.keep(a.out.Flush())
	return a.err
}

func fromTar(h *tar.Header, body io.Reader) Entry {
	e := Entry{Name: h.Name, Mode: uint32(h.Mode) & 0o7777}
	switch h.Typeflag {
	case tar.TypeDir:
		e.Mode |= typeDir
	case tar.TypeSymlink:
		e.Mode, e.Data, e.Size = typeLink|0o777, strings.NewReader(h.Linkname), int64(len(h.Linkname))
	case tar.TypeLink:
		target := path.Clean("/" + h.Linkname)
		e.Mode, e.Data, e.Size = typeLink|0o777, strings.NewReader(target), int64(len(target))
	case tar.TypeChar:
		e.Mode, e.Major, e.Minor = e.Mode|typeChar, h.Devmajor, h.Devminor
	default:
		e.Mode, e.Data, e.Size = e.Mode|typeFile, body, h.Size
	}
	return e
}

func (a *Archive) addParents(name string) {
	dir := path.Dir(strings.TrimPrefix(path.Clean("/"+name), "/"))
	if dir == "." || a.made[dir] {
		return
	}
	a.addParents(dir)
	a.keep(a.Add(Entry{Name: dir, Mode: typeDir | 0o755}))
}

// header writes the 13 hexadecimal fields and the name. Every file belongs to
// root and carries no time, so that the same input gives the same bytes.
func (a *Archive) header(name string, e Entry) {
	a.inode++
	_, err := fmt.Fprintf(a.out, "070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%s\x00",
		a.inode, e.Mode, 0, 0, 1, 0, e.Size, 0, 0, e.Major, e.Minor, len(name)+1, 0, name)
	a.keep(err)
	a.pad(int64(110 + len(name) + 1))
}

// pad fills up to the next multiple of four bytes.
func (a *Archive) pad(written int64) {
	if rest := written % 4; rest != 0 {
		_, err := a.out.WriteString("\x00\x00\x00"[:4-rest])
		a.keep(err)
	}
}

func (a *Archive) keep(err error) {
	if a.err == nil {
		a.err = err
	}
}
