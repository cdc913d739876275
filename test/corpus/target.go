package main

import (
	"bufio"
	"bytes"
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// What is kept of one target, at most.
const (
	mostFiles = 30
	mostBytes = 100 << 10
)

// target is one fuzz target and where its inputs are.
type target struct {
	folder, name string
	binary       string // the package's tests, built to count what they reach
	cache        string // what fuzzing has found
	work         string
}

// input is a file of a corpus.
type input struct {
	name string
	data []byte
}

// reached are the pieces of code that ran, by file and place.
type reached map[string]struct{}

// adds reports whether there is something in r that is not in all.
func (r reached) adds(all reached) bool {
	for piece := range r {
		if _, known := all[piece]; !known {
			return true
		}
	}
	return false
}

func (t *target) build() error {
	c := exec.Command("go", "test", "-c", "-cover", "-covermode", "set", "-coverpkg", "./...", "-o", t.binary, "./"+t.folder)
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("cannot build the tests of %s: %w\n%s", t.folder, err, out)
	}
	return nil
}

// given are the names that Go gives to what it finds.
var given = regexp.MustCompile(`^[0-9a-f]{16}$`)

// renew writes the target's corpus anew.
func (t *target) renew() error {
	folder := filepath.Join(t.folder, "testdata", "fuzz", t.name)
	have, err := read(folder)
	if err != nil {
		return err
	}
	candidates, err := read(t.cache)
	if err != nil {
		return err
	}
	var kept []input
	for _, in := range have {
		if given.MatchString(in.name) {
			candidates = append(candidates, in)
		} else {
			kept = append(kept, in)
		}
	}
	named := len(kept)
	slices.SortFunc(candidates, func(a, b input) int {
		return cmp.Or(len(a.data)-len(b.data), bytes.Compare(a.data, b.data))
	})
	all, err := t.run("", kept...)
	if err != nil {
		return err
	}
	found := func(some []input) (reached, error) { return t.run("/^[0-9a-f]{16}$", some...) }
	if err := pick(candidates, all, &kept, found); err != nil {
		return err
	}
	for _, in := range have {
		if err := os.Remove(filepath.Join(folder, in.name)); err != nil {
			return err
		}
	}
	if err := write(folder, kept); err != nil {
		return err
	}
	fmt.Printf("%s %s: %d of %d inputs, %d with names\n", t.folder, t.name, len(kept), len(have)+len(candidates), named)
	return nil
}

// pick keeps those of some inputs that reach more than all, the first ones first.
// Most reach nothing new, so that whole groups are dropped by one run.
func pick(some []input, all reached, kept *[]input, run func([]input) (reached, error)) error {
	if len(some) == 0 || len(*kept) >= mostFiles {
		return nil
	}
	now, err := run(some)
	if err != nil || !now.adds(all) {
		return err
	}
	if len(some) > 1 {
		half := len(some) / 2
		if err := pick(some[:half], all, kept, run); err != nil {
			return err
		}
		return pick(some[half:], all, kept, run)
	}
	if size(*kept)+len(some[0].data) <= mostBytes {
		*kept = append(*kept, some[0])
		for piece := range now {
			all[piece] = struct{}{}
		}
	}
	return nil
}

// run gives what the target reaches with some inputs. which matches those that run,
// as in go test -run; empty: all, and the target's own seeds.
func (t *target) run(which string, some ...input) (reached, error) {
	folder, err := os.MkdirTemp(t.work, "run")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	if err := write(filepath.Join(folder, "testdata", "fuzz", t.name), some); err != nil {
		return nil, err
	}
	profile := filepath.Join(folder, "profile")
	c := exec.Command(t.binary, "-test.run", "^"+t.name+"$"+which, "-test.coverprofile", profile)
	c.Dir = folder
	if out, err := c.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("it fails: %w\n%s", err, out)
	}
	return readProfile(profile)
}

func readProfile(path string) (reached, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	r := reached{}
	for lines := bufio.NewScanner(file); lines.Scan(); { // "file.go:1.2,3.4 5 1": statements, times
		if piece, ok := strings.CutSuffix(lines.Text(), " 1"); ok {
			r[piece] = struct{}{}
		}
	}
	return r, nil
}

func size(list []input) (n int) {
	for _, in := range list {
		n += len(in.data)
	}
	return n
}

// read reads a corpus; one that is not there is empty.
func read(folder string) ([]input, error) {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var all []input
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(folder, e.Name()))
		if err != nil {
			return nil, err
		}
		all = append(all, input{e.Name(), data})
	}
	return all, err
}

// write writes a corpus. What has no name of its own is named as Go does it.
func write(folder string, list []input) error {
	if len(list) == 0 {
		return nil
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	for _, in := range list {
		if given.MatchString(in.name) {
			in.name = fmt.Sprintf("%x", sha256.Sum256(in.data))[:16]
		}
		if err := os.WriteFile(filepath.Join(folder, in.name), in.data, 0o644); err != nil {
			return err
		}
	}
	return nil
}
