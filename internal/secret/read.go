package secret

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// Max bounds a secret file in bytes; a token with a written-out preset has about
// 500 bytes, a long RSA key 7000.
const Max = 16 << 10

// File is what was read.
type File struct {
	Data []byte
	// Loose says who else can read the file and which command mends that; empty
	// when it is kept well. A key that is kept loosely should not be used.
	Loose string
}

// Read reads a small file. An error is the bare reason, without the path; that
// there is no such file is fs.ErrNotExist.
func Read(path string) (File, error) {
	f, err := os.Open(path)
	if err != nil {
		return File{}, bare(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return File{}, bare(err)
	}
	data, err := io.ReadAll(io.LimitReader(f, Max+1))
	if err != nil {
		return File{}, bare(err)
	}
	if len(data) > Max {
		return File{}, fmt.Errorf("it is longer than %d bytes; is it the right file?", Max)
	}
	return File{Data: data, Loose: loose(path, info)}, nil
}

// ReadKey is Read for a key: one that others can read is an error.
func ReadKey(path string) ([]byte, error) {
	f, err := Read(path)
	if err == nil && f.Loose != "" {
		err = errors.New(f.Loose)
	}
	if err != nil {
		return nil, err
	}
	return f.Data, nil
}

// bare takes the path out of err: the message around it names it already.
func bare(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
