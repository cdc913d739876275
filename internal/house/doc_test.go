package house

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Every package has a doc.go that says what it is for, what it may import and
// what it must not do.
func TestEveryPackageSaysWhatItIs(t *testing.T) {
	for path, own := range ownPackages(t) {
		name := filepath.Join(own.Dir, "doc.go")
		if _, err := os.Stat(name); err != nil {
			t.Errorf("package %s has no doc.go", path)
			continue
		}
		_, file := parse(t, name)
		comment := strings.Join(strings.Fields(file.Doc.Text()), " ")
		begin := "Package " + own.Name + " "
		if own.Name == "main" {
			begin = "Command " + filepath.Base(path) + " "
		}
		if !strings.HasPrefix(comment, begin) {
			t.Errorf("%s: the package comment does not begin with %q", name, begin)
		}
		for _, sentence := range []string{"may import", "must not"} {
			if !strings.Contains(comment, sentence) {
				t.Errorf("%s: the package comment does not say what it %s", name, sentence)
			}
		}
	}
}

// One package comment a package: the one in doc.go.
func TestPackageCommentStandsInDoc(t *testing.T) {
	eachFile(t, func(path string) {
		if filepath.Base(path) == "doc.go" {
			return
		}
		if _, file := parse(t, path); file.Doc != nil && !onlyDirectives(file.Doc.Text()) {
			t.Errorf("%s: the package comment belongs into doc.go", path)
		}
	}, ".go")
}

func onlyDirectives(text string) bool { return strings.TrimSpace(text) == "" }
