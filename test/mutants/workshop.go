package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// verdict is what became of a mutant.
type verdict string

const (
	found    verdict = "found"    // a test failed
	survived verdict = "survived" // all tests passed: nobody holds what was broken
	broken   verdict = "broken"   // the change does not compile, or no test ran
)

// testTime bounds the tests of one mutant: some break what ends a wait.
const testTime = 90 * time.Second

// workshop is a copy of the module.
type workshop struct{ root string }

// copyModule copies the files of the module in the working folder to a folder of
// its own.
func copyModule(ctx context.Context) (root string, err error) {
	list, err := exec.CommandContext(ctx, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard").Output()
	if err != nil {
		return "", fmt.Errorf("cannot list the module's files: %w", err)
	}
	if root, err = os.MkdirTemp("", "mutants"); err != nil {
		return "", err
	}
	for _, name := range strings.Split(strings.TrimRight(string(list), "\x00"), "\x00") {
		data, err := os.ReadFile(name)
		if errors.Is(err, fs.ErrNotExist) { // deleted, and not yet committed
			continue
		}
		to := filepath.Join(root, name)
		if err == nil {
			err = os.MkdirAll(filepath.Dir(to), 0o755)
		}
		if err == nil {
			err = os.WriteFile(to, data, 0o644)
		}
		if err != nil {
			return root, fmt.Errorf("cannot copy the module: %w", err)
		}
	}
	return root, nil
}

// goTest runs tests, each package's by themselves, and gives what they said.
func (w *workshop) goTest(ctx context.Context, tests []test) (output string, failed []string, err error) {
	var all bytes.Buffer
	for _, pkg := range packages(tests) {
		var names []string
		for _, t := range tests {
			if t.pkg == pkg {
				names = append(names, t.name)
			}
		}
		c := exec.CommandContext(ctx, "go", "test", "-count=1", "-vet=off", "-timeout", testTime.String(),
			"-run", "^("+strings.Join(names, "|")+")$", "./"+pkg)
		c.Dir = w.root
		out, e := c.CombinedOutput()
		all.Write(out)
		if e != nil {
			err = errors.Join(err, e)
			failed = append(failed, failures(pkg, string(out), names)...)
		}
	}
	return all.String(), failed, err
}

func packages(tests []test) []string {
	var list []string
	for _, t := range tests {
		if !slices.Contains(list, t.pkg) {
			list = append(list, t.pkg)
		}
	}
	return list
}

var failure = regexp.MustCompile(`(?m)^--- FAIL: (\S+)`)

// failures names the tests that failed. One that took the process with it, by a
// panic or by its time, is one of names.
func failures(pkg, output string, names []string) []string {
	var list []string
	for _, m := range failure.FindAllStringSubmatch(output, -1) {
		list = append(list, pkg+" "+m[1])
	}
	if len(list) == 0 {
		list = []string{pkg + " " + strings.Join(names, " or ")}
	}
	return list
}

// healthy makes sure that every test of the table runs, and passes while nothing
// is broken.
func (w *workshop) healthy(ctx context.Context, chosen []property) error {
	var tests []test
	for _, p := range chosen {
		for _, m := range p.mutants {
			for _, t := range m.tests {
				if !slices.Contains(tests, t) {
					tests = append(tests, t)
				}
			}
		}
	}
	out, failed, err := w.goTest(ctx, tests)
	if err != nil {
		return fmt.Errorf("the tests fail while nothing is broken: %s\n%s", strings.Join(failed, ", "), out)
	}
	if strings.Contains(out, "no tests to run") {
		return fmt.Errorf("the table is stale: a package has none of its tests\n%s", out)
	}
	return nil
}

// try makes one mutant and looks whether its tests find it.
func (w *workshop) try(ctx context.Context, p property, m mutant) (result, error) {
	r := result{Property: p.number, File: m.file, Breaks: m.breaks}
	began := time.Now()
	err := m.with(w.root, func() error {
		out, failed, err := w.goTest(ctx, m.tests)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case strings.Contains(out, "[build failed]") || strings.Contains(out, "[setup failed]") || strings.Contains(out, "no tests to run"):
			r.Verdict, r.Output = broken, out
		case err == nil:
			r.Verdict, r.Output = survived, out
		default:
			r.Verdict, r.By = found, failed
		}
		return nil
	})
	r.Seconds = float64(time.Since(began).Round(100*time.Millisecond)) / float64(time.Second)
	// A property test keeps what failed, and would begin with it the next time.
	return r, errors.Join(err, forget(w.root))
}

// forget removes what property tests have kept of failures.
func forget(root string) error {
	return filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() && entry.Name() == "rapid" && filepath.Base(filepath.Dir(path)) == "testdata" {
			return skip(os.RemoveAll(path))
		}
		return err
	})
}

func skip(err error) error {
	if err != nil {
		return err
	}
	return fs.SkipDir
}
