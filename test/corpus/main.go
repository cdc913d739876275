package main

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

func main() {
	only := flag.String("only", "", "a target's name; empty: all")
	flag.Parse()
	if err := run(*only); err != nil {
		fmt.Fprintln(os.Stderr, "corpus:", err)
		os.Exit(1)
	}
}

// run goes through all targets of the module in the working folder.
func run(only string) error {
	cache, err := output("go", "env", "GOCACHE")
	if err != nil {
		return err
	}
	module, err := output("go", "list", "-m")
	if err != nil {
		return err
	}
	targets, err := find(".")
	if err != nil {
		return err
	}
	work, err := os.MkdirTemp("", "corpus")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(work) }()
	found := 0
	for _, folder := range targets.folders() {
		built := false
		for _, name := range targets[folder] {
			if only != "" && name != only {
				continue
			}
			t := &target{
				folder: folder, name: name, binary: filepath.Join(work, "test"), work: work,
				cache: filepath.Join(cache, "fuzz", module, folder, name),
			}
			if !built {
				if err := t.build(); err != nil {
					return err
				}
				built = true
			}
			if err := t.renew(); err != nil {
				return fmt.Errorf("%s %s: %w", folder, name, err)
			}
			found++
		}
	}
	if found == 0 {
		return fmt.Errorf("there is no fuzz target %q", only)
	}
	return nil
}

// output runs a command and gives its one line.
func output(name string, args ...string) (string, error) {
	out, err := exec.Command(name, args...).Output()
	if err != nil {
		return "", fmt.Errorf("cannot run %s %s: %w", name, strings.Join(args, " "), err)
	}
	return strings.TrimSpace(string(out)), nil
}

// targets are the names of the fuzz targets by folder.
type targets map[string][]string

func (t targets) folders() []string {
	var all []string
	for folder := range t {
		all = append(all, folder)
	}
	slices.Sort(all)
	return all
}

var outside = regexp.MustCompile(`^(\.[^.].*|testdata|node_modules|dist|test-output)$`)

// find looks for func FuzzX(f *testing.F) in the tests below root.
func find(root string) (targets, error) {
	all := targets{}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && outside.MatchString(entry.Name()):
			return filepath.SkipDir
		case entry.IsDir() || !strings.HasSuffix(path, "_test.go"):
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, declared := range file.Decls {
			function, ok := declared.(*ast.FuncDecl)
			if ok && function.Recv == nil && strings.HasPrefix(function.Name.Name, "Fuzz") {
				folder := filepath.Dir(path)
				all[folder] = append(all[folder], function.Name.Name)
			}
		}
		return nil
	})
	return all, err
}
