package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// What documents name within their sentences is there: the command, and each flag that
// is given with it. Whole commands are run by test/documents.
func TestDocumentsNameWhatThereIs(t *testing.T) {
	files, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	span := regexp.MustCompile("`(podium [^`]+)`")
	seen := 0
	for _, path := range append(files, "../../README.md", "../../CHANGELOG.md") {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range span.FindAllSubmatch(text, -1) {
			seen++
			if wrong := unknown(strings.Fields(string(m[1]))[1:]); wrong != "" {
				t.Errorf("%s: `%s`: there is no %s", filepath.Base(path), m[1], wrong)
			}
		}
	}
	if seen < 30 {
		t.Errorf("only %d commands were found", seen)
	}
}

// unknown gives what of a command line there is not.
func unknown(words []string) string {
	command, rest, err := newRoot().Find(words)
	if err != nil || !command.HasParent() || command.HasSubCommands() && len(rest) > 0 && !strings.HasPrefix(rest[0], "-") {
		return strings.Join(words, " ")
	}
	for _, word := range rest {
		name, isFlag := strings.CutPrefix(strings.TrimRight(word, ","), "--")
		name, _, _ = strings.Cut(name, "=")
		if isFlag && command.Flags().Lookup(name) == nil && command.InheritedFlags().Lookup(name) == nil {
			return word
		}
	}
	return ""
}

func TestUnknown(t *testing.T) {
	for line, want := range map[string]string{
		"status --json":              "",
		"host grant USERID... --all": "",
		"host settings mode=fifo":    "",
		"run --config podium.yaml":   "",
		"status --jason":             "--jason",
		"host grand USERID":          "host grand USERID",
		"fly":                        "fly",
	} {
		if got := unknown(strings.Fields(line)); got != want {
			t.Errorf("%s: %q, want %q", line, got, want)
		}
	}
}
