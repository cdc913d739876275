package house

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The longest that files and functions may be, in lines. Most are far shorter;
// what reaches these wants to be two things.
const (
	maxFileLines     = 350
	maxFunctionLines = 80
)

// outside are folders that hold results, not sources.
var outside = []string{".git", "dist", "test-output", "node_modules"}

// eachFile calls look with every source file that has one of the endings.
func eachFile(t *testing.T, look func(path string), endings ...string) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && slices.Contains(outside, entry.Name()) {
			return filepath.SkipDir
		}
		if entry.Type().IsRegular() && slices.Contains(endings, filepath.Ext(path)) {
			look(path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestFilesAreShort(t *testing.T) {
	eachFile(t, func(path string) {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(data), "\n"); n > maxFileLines {
			t.Errorf("%s has %d lines, %d are allowed; split it by what it is about", path, n, maxFileLines)
		}
	}, ".go", ".js", ".sh")
}

func TestFunctionsAreShort(t *testing.T) {
	eachFile(t, func(path string) {
		files, file := parse(t, path)
		for _, declared := range file.Decls {
			function, ok := declared.(*ast.FuncDecl)
			if !ok {
				continue
			}
			n := files.Position(function.End()).Line - files.Position(function.Pos()).Line + 1
			if n > maxFunctionLines {
				t.Errorf("%s: %s has %d lines, %d are allowed", files.Position(function.Pos()), function.Name.Name, n, maxFunctionLines)
			}
		}
	}, ".go")
}

func parse(t *testing.T, path string) (*token.FileSet, *ast.File) {
	t.Helper()
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, path, nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	return files, file
}
