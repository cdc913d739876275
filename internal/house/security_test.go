package house

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	shown    = regexp.MustCompile("(?:`Test\\w+`(?:,\\s)?)+\\s(?:in\\s)?\\[[^\\]]+\\]\\(([^)]+)\\)")
	testName = regexp.MustCompile("`(Test\\w+)`")
)

// Each test by which the security document shows a defence is in the file that it
// names.
func TestDefencesAreShown(t *testing.T) {
	document := filepath.Join(root, "docs", "security.md")
	text := read(t, document)
	found := 0
	for _, match := range shown.FindAllStringSubmatch(text, -1) {
		file := read(t, filepath.Join(filepath.Dir(document), match[1]))
		for _, name := range testName.FindAllStringSubmatch(match[0], -1) {
			found++
			if !strings.Contains(file, "\nfunc "+name[1]+"(t *testing.T)") {
				t.Errorf("%s says that %s is in %s; it is not", document, name[1], match[1])
			}
		}
	}
	if all := len(testName.FindAllString(text, -1)); found != all || found == 0 {
		t.Errorf("%d of the %d tests that are named have a file behind them", found, all)
	}
}
