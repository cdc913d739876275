package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// property is one of the safety properties, and what breaks it.
type property struct {
	number  int
	title   string // a few words
	meaning string // what must hold, for a person
	mutants []mutant
}

// mutant is one small change of the source.
type mutant struct {
	breaks   string // what is no longer so, in a few words
	file     string // from the module's folder
	old, new string // old stands in the file exactly once
	tests    []test // one of them has to fail
}

// test names tests of one package.
type test struct {
	pkg  string // folder, from the module's
	name string // a test's name
}

func (t test) String() string { return t.pkg + " " + t.name }

// in gives tests of one package.
func in(pkg string, names ...string) (list []test) {
	for _, name := range names {
		list = append(list, test{pkg, name})
	}
	return list
}

// apply gives the file's text with the change made, or says why that cannot be.
func (m mutant) apply(text string) (string, error) {
	if n := strings.Count(text, m.old); n != 1 {
		return "", fmt.Errorf("the table is stale: %s has %d times\n%s", m.file, n, m.old)
	}
	if m.old == m.new {
		return "", fmt.Errorf("the table changes nothing in %s", m.file)
	}
	return strings.Replace(text, m.old, m.new, 1), nil
}

// with makes the change below root, runs do, and takes the change back.
func (m mutant) with(root string, do func() error) error {
	path := filepath.Join(root, m.file)
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	changed, err := m.apply(string(text))
	if err != nil {
		return err
	}
	if err := os.WriteFile(path, []byte(changed), 0o600); err != nil {
		return err
	}
	err = do()
	if back := os.WriteFile(path, text, 0o600); err == nil {
		err = back
	}
	return err
}
