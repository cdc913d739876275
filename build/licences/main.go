package main

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// part is something with a licence of its own.
type part struct {
	name  string
	files []string
}

// licence is how files with licences are called.
var licence = regexp.MustCompile(`(?i)^(LICEN[SC]E|COPYING|NOTICE|PATENTS)([.-].*)?$`)

// libraries are linked statically, from Debian's packages; the first file that is there
// is theirs.
var libraries = []part{
	{"libjpeg-turbo (TurboJPEG), a static library", []string{
		"/usr/share/doc/libturbojpeg0-dev/copyright", "/usr/share/doc/libturbojpeg-dev/copyright", "/usr/share/doc/libturbojpeg0/copyright",
	}},
	{"the C++ runtime of GCC (libstdc++, libgcc), static, under the GCC Runtime Library Exception", []string{
		"/usr/share/doc/libstdc++6/copyright", "/usr/share/doc/gcc-12-base/copyright", "/usr/share/doc/gcc-14-base/copyright",
	}},
}

var ruler = strings.Repeat("=", 72)

func main() {
	out := bufio.NewWriter(os.Stdout)
	err := write(out, "./cmd/podium")
	if err := errors.Join(err, out.Flush()); err != nil {
		fmt.Fprintln(os.Stderr, "licences:", err)
		os.Exit(1)
	}
}

// write writes all licences of a package's program.
func write(w io.Writer, program string) error {
	parts, err := modules(program)
	if err != nil {
		return err
	}
	for _, l := range libraries {
		at := slices.IndexFunc(l.files, func(f string) bool { _, err := os.Stat(f); return err == nil })
		if at < 0 {
			return fmt.Errorf("no licence of %s at %s (build/deps.sh build installs the library)", l.name, strings.Join(l.files, ", "))
		}
		parts = append(parts, part{l.name, l.files[at : at+1]})
	}
	fmt.Fprintln(w, "Podium is under the Apache License 2.0. Linked into it is the work of others:")
	fmt.Fprintln(w)
	for _, p := range parts {
		fmt.Fprintln(w, "  "+p.name)
	}
	for _, p := range parts {
		for _, f := range p.files {
			text, err := os.ReadFile(f)
			if err != nil {
				return err
			}
			fmt.Fprintf(w, "\n%s\n%s, %s\n%s\n\n%s\n", ruler, p.name, filepath.Base(f), ruler, strings.TrimSpace(string(text)))
		}
	}
	return nil
}

// modules gives the Go modules of a program, and Go itself, by name.
func modules(program string) ([]part, error) {
	out, err := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}}\t{{.Dir}}\t{{$.Dir}}{{end}}{{end}}", program).Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	found := map[string][]string{}
	for line := range strings.Lines(string(out)) {
		if fields := strings.Split(strings.TrimSpace(line), "\t"); len(fields) == 3 {
			files, err := upwards(fields[2], fields[1])
			if err != nil {
				return nil, err
			}
			found[fields[0]] = append(found[fields[0]], files...)
		}
	}
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return nil, fmt.Errorf("go env: %w", err)
	}
	parts := []part{{"Go, its standard library and runtime", []string{filepath.Join(strings.TrimSpace(string(goroot)), "LICENSE")}}}
	for name, files := range found {
		slices.Sort(files)
		if files = slices.Compact(files); len(files) == 0 {
			return nil, fmt.Errorf("%s has no licence: ask its authors, or do without it", name)
		}
		parts = append(parts, part{name, files})
	}
	slices.SortFunc(parts[1:], func(a, b part) int { return cmp.Compare(a.name, b.name) })
	return parts, nil
}

// upwards gives the licences in a package's folder and in those above it, up to its
// module's.
func upwards(dir, module string) (files []string, err error) {
	for {
		entries, err := os.ReadDir(dir)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if e.Type().IsRegular() && licence.MatchString(e.Name()) && filepath.Ext(e.Name()) != ".go" {
				files = append(files, filepath.Join(dir, e.Name()))
			}
		}
		if dir == module || len(dir) <= len(module) {
			return files, nil
		}
		dir = filepath.Dir(dir)
	}
}
