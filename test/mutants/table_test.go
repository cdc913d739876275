package main

import (
	"bytes"
	"errors"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const module = "../.."

var update = flag.Bool("update", false, "write docs/safety.md anew")

// The table fits the sources: each change can still be made, in one place, and
// each test still exists.
func TestTheTableIsNotStale(t *testing.T) {
	tests := map[string]map[string]bool{}
	for i, p := range properties() {
		if p.number != i+1 || p.title == "" || p.meaning == "" {
			t.Errorf("property %d stands at place %d, or says nothing", p.number, i+1)
		}
		if len(p.mutants) < 2 {
			t.Errorf("property %d has %d mutants, want two at least", p.number, len(p.mutants))
		}
		for _, m := range p.mutants {
			checkMutant(t, p, m, tests)
		}
	}
}

func checkMutant(t *testing.T, p property, m mutant, tests map[string]map[string]bool) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(module, m.file))
	if err != nil {
		t.Error(err)
		return
	}
	changed, err := m.apply(string(text))
	if err != nil {
		t.Errorf("property %d, %q: %v", p.number, m.breaks, err)
		return
	}
	if _, err := parser.ParseFile(token.NewFileSet(), m.file, changed, parser.SkipObjectResolution); err != nil {
		t.Errorf("property %d, %q: the change is no Go: %v", p.number, m.breaks, err)
	}
	if len(m.tests) == 0 || m.breaks == "" {
		t.Errorf("property %d, %s: no tests, or no words", p.number, m.file)
	}
	for _, one := range m.tests {
		if tests[one.pkg] == nil {
			tests[one.pkg] = testsOf(t, one.pkg)
		}
		if !tests[one.pkg][one.name] {
			t.Errorf("property %d, %q: there is no test %s", p.number, m.breaks, one)
		}
	}
}

// testsOf names the tests of a package.
func testsOf(t *testing.T, pkg string) map[string]bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(module, pkg, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, path := range files {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, declared := range file.Decls {
			if function, ok := declared.(*ast.FuncDecl); ok && function.Recv == nil {
				names[function.Name.Name] = true
			}
		}
	}
	return names
}

func TestTheDocumentIsOfThisTable(t *testing.T) {
	var want bytes.Buffer
	if err := writeMarkdown(&want, properties()); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(module, "docs", "safety.md")
	if *update {
		if err := os.WriteFile(path, want.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if have, err := os.ReadFile(path); err != nil || !bytes.Equal(have, want.Bytes()) {
		t.Errorf("docs/safety.md is not of this table (%v): go test ./test/mutants -update", err)
	}
}

func TestWithMakesAndTakesBack(t *testing.T) {
	root := t.TempDir()
	path := filepath.Join(root, "a.go")
	const text = "package a // one\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	failed := errors.New("failed")
	err := mutant{file: "a.go", old: "one", new: "two"}.with(root, func() error {
		if now, _ := os.ReadFile(path); string(now) != "package a // two\n" {
			t.Errorf("changed to %q", now)
		}
		return failed
	})
	if now, _ := os.ReadFile(path); !errors.Is(err, failed) || string(now) != text {
		t.Errorf("%v, left as %q", err, now)
	}
	for _, m := range []mutant{{file: "a.go", old: "three", new: "x"}, {file: "a.go", old: "a", new: "b"}, {file: "a.go", old: "one", new: "one"}} {
		if err := m.with(root, func() error { return nil }); err == nil || !strings.Contains(err.Error(), "the table") {
			t.Errorf("%q: %v", m.old, err)
		}
	}
}

func TestFailures(t *testing.T) {
	const output = "--- FAIL: TestA (0.01s)\n    x.go:1: no\n    --- FAIL: TestA/b (0.00s)\n--- FAIL: TestB (0s)\nFAIL\n"
	if got := strings.Join(failures("pkg", output, []string{"TestA", "TestB"}), ", "); got != "pkg TestA, pkg TestB" {
		t.Errorf("%s", got)
	}
	if got := failures("pkg", "panic: test timed out after 90s", []string{"TestA", "TestB"}); got[0] != "pkg TestA or TestB" {
		t.Errorf("%s", got)
	}
}

func TestJudge(t *testing.T) {
	if err := judge(io.Discard, []result{{Verdict: found}, {Verdict: found}}); err != nil {
		t.Error(err)
	}
	for _, v := range []verdict{survived, broken} {
		if err := judge(io.Discard, []result{{Verdict: found}, {Verdict: v}}); err == nil || !strings.Contains(err.Error(), "1 of 2") {
			t.Errorf("%s: %v", v, err)
		}
	}
}
