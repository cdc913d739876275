package secret

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

const (
	// othersMay not do anything with a file of ours.
	othersMay = 0o077
	// othersMayRoots is for a file of root's: a group may read it, so that root can
	// hand a key to a service that cannot change it (as PostgreSQL has it).
	othersMayRoots = 0o037
)

// loose judges the rights of an open file. What systemd hands over as a
// credential lies in a folder that only the service can enter, and what is no
// file (a pipe) has no readers besides.
func loose(path string, info fs.FileInfo) string {
	if !info.Mode().IsRegular() || isCredential(path) {
		return ""
	}
	owner, known := info.Sys().(*syscall.Stat_t)
	return judge(path, info.Mode().Perm(), known && owner.Uid == 0, os.Geteuid() == 0, os.Getegid())
}

// judge names the command that mends the rights. Root's file must stay readable
// for the service, by its group.
func judge(path string, mode fs.FileMode, rootOwns, rootReads bool, group int) string {
	forbidden := fs.FileMode(othersMay)
	if rootOwns {
		forbidden = othersMayRoots
	}
	if mode&forbidden == 0 {
		return ""
	}
	command := "chmod 600 " + quote(path)
	if rootOwns && !rootReads {
		command = fmt.Sprintf("sudo chgrp %d %[2]s && sudo chmod 640 %[2]s", group, quote(path))
	}
	return fmt.Sprintf("others can get at it (its mode is %04o); take that from them: %s", mode, command)
}

// isCredential tells whether systemd handed path over (systemd.exec(5),
// $CREDENTIALS_DIRECTORY).
func isCredential(path string) bool {
	dir := os.Getenv("CREDENTIALS_DIRECTORY")
	return filepath.IsAbs(dir) && filepath.Dir(filepath.Clean(path)) == filepath.Clean(dir)
}

// quote makes a path one word of a shell.
func quote(path string) string {
	if strings.Trim(path, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+@") == "" {
		return path
	}
	return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
}
