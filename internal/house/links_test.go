package house

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)|(?:src|href)="([^"]+)"`)
	outer   = regexp.MustCompile(`^[a-z]+:`)
	heading = regexp.MustCompile(`(?m)^#+\s+(.*)$`)
	notSlug = regexp.MustCompile(`[^\p{L}\p{N}_ -]`)
	fenced  = regexp.MustCompile("(?ms)^```.*?^```")
)

// Every link in a document leads to a file, and to a heading if it names one.
func TestLinksLead(t *testing.T) {
	seen := 0
	eachFile(t, func(path string) {
		for _, to := range links(read(t, path)) {
			seen++
			file, anchor, _ := strings.Cut(to, "#")
			target := path
			if file != "" {
				target = filepath.Join(filepath.Dir(path), file)
			}
			if _, err := os.Stat(target); err != nil {
				t.Errorf("%s links to %s, which does not exist", path, to)
				continue
			}
			if anchor != "" && !slices.Contains(anchors(read(t, target)), anchor) {
				t.Errorf("%s links to %s, but %s has no such heading", path, to, target)
			}
		}
	}, ".md")
	if seen == 0 {
		t.Error("no link was found in any document; the README has some")
	}
}

// Every document can be reached from the README.
func TestDocumentsAreLinked(t *testing.T) {
	readme := links(read(t, filepath.Join(root, "README.md")))
	documents, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, document := range documents {
		if name := "docs/" + filepath.Base(document); !slices.Contains(readme, name) {
			t.Errorf("README.md does not link to %s", name)
		}
	}
}

// links gives the targets inside the tree.
func links(text string) []string {
	var targets []string
	for _, match := range link.FindAllStringSubmatch(fenced.ReplaceAllString(text, ""), -1) {
		to := match[1] + match[2]
		if !outer.MatchString(to) {
			targets = append(targets, to)
		}
	}
	return targets
}

// anchors gives the headings as a forge makes anchors of them.
func anchors(text string) []string {
	var slugs []string
	for _, match := range heading.FindAllStringSubmatch(fenced.ReplaceAllString(text, ""), -1) {
		slugs = append(slugs, strings.ReplaceAll(notSlug.ReplaceAllString(strings.ToLower(match[1]), ""), " ", "-"))
	}
	return slugs
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
