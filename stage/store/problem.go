package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"syscall"

	bolterrors "go.etcd.io/bbolt/errors"
)

// errForeign is a bbolt file of somebody else.
var errForeign = errors.New("it belongs to another program")

// formatError is a file of another version of podium.
type formatError struct{ have string }

func (e *formatError) Error() string {
	return fmt.Sprintf("it has format %.20q, this podium knows %q", e.have, format)
}

// damage is what cannot be read.
type damage struct{ what string }

func (e *damage) Error() string { return fmt.Sprintf("it is damaged: %.200s", e.what) }

// openProblem says what is in the way, and what to do about it.
func openProblem(path string, err error) error {
	var otherFormat *formatError
	var damaged *damage
	anew := fmt.Sprintf("restore a backup, or move the file away to begin without meetings: mv %s %s.old", path, path)
	var what, todo string
	switch {
	case errors.Is(err, bolterrors.ErrTimeout):
		what = holder(path)
		todo = "end the other stage service, or give this one a store of its own (key store)"
	case errors.Is(err, errForeign):
		what = errForeign.Error()
		todo = "name another file (key store)"
	case errors.As(err, &otherFormat):
		what = otherFormat.Error()
		todo = "use the podium that wrote it, or " + anew
	case errors.As(err, &damaged):
		what, todo = damaged.Error(), anew
	case errors.Is(err, bolterrors.ErrInvalid), errors.Is(err, bolterrors.ErrChecksum), errors.Is(err, bolterrors.ErrVersionMismatch):
		what = "it is no store, or damaged: " + err.Error()
		todo = anew
	case errors.Is(err, fs.ErrNotExist):
		what = "there is no such folder"
		todo = "make it"
	case errors.Is(err, fs.ErrPermission):
		what = "permission denied"
		todo = "give the service's user the right to write there"
	case errors.Is(err, syscall.EISDIR):
		what = "it is a folder"
		todo = "name a file in it"
	default:
		return fmt.Errorf("cannot open the store %s: %w", path, err)
	}
	return &openError{text: fmt.Sprintf("cannot open the store %s: %s; %s", path, what, todo), err: err}
}

// openError is told in our own words, and keeps the cause.
type openError struct {
	text string
	err  error
}

func (e *openError) Error() string { return e.text }
func (e *openError) Unwrap() error { return e.err }

// holder says who has the file locked, from /proc/locks (proc(5)): number,
// FLOCK, ADVISORY, WRITE, pid, device:inode, from, to.
func holder(path string) string {
	const unknown = "another process holds it"
	info, err := os.Stat(path)
	if err != nil {
		return unknown
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	locks, err := os.ReadFile("/proc/locks")
	if !ok || err != nil {
		return unknown
	}
	inode := ":" + strconv.FormatUint(stat.Ino, 10)
	for line := range strings.Lines(string(locks)) {
		f := strings.Fields(line)
		if len(f) >= 6 && f[1] == "FLOCK" && strings.HasSuffix(f[5], inode) && f[4] != "0" && f[4] != "-1" {
			return fmt.Sprintf("process %s holds it", f[4])
		}
	}
	return unknown
}
