package house

import (
	"go/ast"
	"path/filepath"
	"slices"
	"testing"
)

// What a pure package must not do itself: begin a goroutine, ask a clock, or
// touch what is outside the process.
var (
	impureImports = []string{"os", "os/exec", "net", "net/http", "syscall", "log", "log/slog", "math/rand", "math/rand/v2", "crypto/rand"}
	clockCalls    = []string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker"}
)

func TestPurePackages(t *testing.T) {
	for path, own := range ownPackages(t) {
		if !rooms[path].pure {
			continue
		}
		for _, imported := range own.Imports {
			if slices.Contains(impureImports, imported) {
				t.Errorf("%s is pure and imports %s", path, imported)
			}
		}
		for _, name := range own.GoFiles {
			lookForImpure(t, filepath.Join(own.Dir, name))
		}
	}
}

func lookForImpure(t *testing.T, path string) {
	t.Helper()
	files, file := parse(t, path)
	ast.Inspect(file, func(node ast.Node) bool {
		switch n := node.(type) {
		case *ast.GoStmt:
			t.Errorf("%s: a pure package begins a goroutine", files.Position(n.Pos()))
		case *ast.SelectorExpr:
			if left, ok := n.X.(*ast.Ident); ok && left.Name == "time" && slices.Contains(clockCalls, n.Sel.Name) {
				t.Errorf("%s: a pure package asks the clock: time.%s", files.Position(n.Pos()), n.Sel.Name)
			}
		}
		return true
	})
}
