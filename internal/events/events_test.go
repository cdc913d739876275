package events

import (
	"bytes"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// logged gives the messages that the product's source logs at info and above; "" for
// one that is put together.
func logged(t *testing.T) (all map[string]string) {
	t.Helper()
	all = map[string]string{}
	err := filepath.WalkDir("../..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && slices.Contains([]string{"test", "dist", "build", "testdata", "node_modules", ".git"}, entry.Name()) {
			return filepath.SkipDir
		}
		if filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") || strings.Contains(path, "pionlog") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			method, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || !slices.Contains([]string{"Info", "Warn", "Error"}, method.Sel.Name) || !isLog(method.X) {
				return true
			}
			text := ""
			if literal, ok := call.Args[0].(*ast.BasicLit); ok {
				text, _ = strconv.Unquote(literal.Value)
			}
			all[text] = path
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func isLog(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.Ident:
		return strings.EqualFold(e.Name, "log")
	case *ast.SelectorExpr:
		return strings.EqualFold(e.Sel.Name, "log")
	}
	return false
}

// Every line has a name, and every name a line.
func TestTable(t *testing.T) {
	source := logged(t)
	if len(source) < 50 {
		t.Fatalf("only %d messages were found", len(source))
	}
	for message, path := range source {
		if message != "" && NameOf(message) == Other {
			t.Errorf("%s logs %q, which has no name in the table", path, message)
		}
	}
	spelled := regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`)
	// These are put together of the device's name, or go on with what is wrong.
	put := regexp.MustCompile(`^(camera|microphone) (closed|not closed|is not there|lost|is back)|the certificate | $`)
	names := map[string]bool{}
	for _, e := range Table {
		if !spelled.MatchString(e.Name) || names[e.Name] {
			t.Errorf("%q is no name, or not the only one", e.Name)
		}
		names[e.Name] = true
		if _, ok := source[e.Message]; !ok && !put.MatchString(e.Message) {
			t.Errorf("nobody logs %q any more", e.Message)
		}
	}
}

func TestHandler(t *testing.T) {
	var out bytes.Buffer
	counts := NewCounts()
	log := slog.New(NewHandler(slog.NewTextHandler(&out, nil), counts)).With("part", "publish")
	log.Info("gate open", "url", "here")
	log.Warn("the token is not kept well: others can read it")
	log.Warn("some library's word")
	log.Debug("gate open")
	for n, want := range []string{`part=publish url=here event=gate_open`, `event=token_loose`, `event=other`} {
		if lines := strings.Split(out.String(), "\n"); !strings.HasSuffix(lines[n], want) {
			t.Errorf("%q does not end with %q", lines[n], want)
		}
	}
	seen := map[string]uint64{}
	counts.Each(func(name string, lines uint64) { seen[name] = lines })
	if seen["gate_open"] != 1 || seen["token_loose"] != 1 || seen[Other] != 1 || seen["on_air"] != 0 || len(seen) != len(Table)+1 {
		t.Errorf("counted %v", seen)
	}
}

var update = flag.Bool("update", false, "write the table into docs/operation.md")

const (
	page   = "../../docs/operation.md"
	begins = "<!-- events:begin -->\n"
	ends   = "<!-- events:end -->\n"
)

// The document has the table that the code has.
func TestDocument(t *testing.T) {
	data, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, _ := strings.Cut(string(data), begins)
	_, tail, ok := strings.Cut(rest, ends)
	if !ok {
		t.Fatalf("%s has no place for the table: %q and %q", page, begins, ends)
	}
	want := head + begins + table() + ends + tail
	if *update {
		if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if want != string(data) {
		t.Errorf("%s is not what the code says; write it anew with: go test ./internal/events -update", page)
	}
}

func table() string {
	var b strings.Builder
	b.WriteString("| event | the line | what to do |\n|---|---|---|\n")
	for _, e := range Table {
		message := e.Message
		if strings.HasSuffix(message, " ") {
			message += "..."
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", e.Name, message, e.Do)
	}
	return b.String()
}
