package secret

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Write puts a secret into a file that only its owner can read (0600), whatever
// the umask and whatever was there: the file is there whole, or as it was.
func Write(path string, data []byte) error { return Replace(path, data, 0o600) }

// Replace is Write with other rights, for what is no secret.
func Replace(path string, data []byte, mode fs.FileMode) error {
	if err := replace(path, data, mode); err != nil {
		return fmt.Errorf("cannot write %s: %w", path, bare(err))
	}
	return nil
}

func replace(path string, data []byte, mode fs.FileMode) error {
	// A device or a link would be replaced by a file of its name.
	if info, err := os.Lstat(path); err == nil && !info.Mode().IsRegular() {
		return errors.New("it is there, and no plain file; give the name of a file")
	}
	folder := filepath.Dir(path)
	f, err := os.CreateTemp(folder, "."+filepath.Base(path)+".*") // with 0600
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no folder %s; make it", folder)
	}
	if err != nil {
		return err
	}
	if err := fill(f, data, mode, path); err != nil {
		_ = os.Remove(f.Name())
		return err
	}
	return syncFolder(folder)
}

// fill writes f, and gives it its name once it is on the disk.
func fill(f *os.File, data []byte, mode fs.FileMode, path string) error {
	_, err := f.Write(data)
	if err == nil {
		err = f.Chmod(mode)
	}
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// syncFolder makes the new name as lasting as the contents.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	defer folder.Close()
	return folder.Sync()
}
