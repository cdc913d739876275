package documents

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// command is one that a document has the reader type.
type command struct {
	line int
	text string
}

// programs begin a line that is a command. A block has other lines, too: what a program
// answers, and what belongs into a file.
var programs = regexp.MustCompile(`^(podium|make|curl|sudo|apt|systemctl|journalctl|umask|head|export|install|chown|chmod|openssl|scp|ssh|cp|go|npm|git|kill|\w+_(pub|sub)) [^=:]`)

// commandsOf gives the commands of a document: lines of its code blocks, each with the
// lines that continue it.
func commandsOf(text string) (all []command) {
	fenced, open := false, false
	for n, line := range strings.Split(text, "\n") {
		if strings.HasPrefix(line, "```") {
			fenced, open = !fenced, false
			continue
		}
		code, indented := strings.CutPrefix(line, "    ")
		if fenced {
			code = line
		}
		switch {
		case !fenced && !indented:
			open = false
		case open:
			all[len(all)-1].text += "\n" + code
			open = goesOn(all[len(all)-1].text)
		case programs.MatchString(code):
			all = append(all, command{n + 1, code})
			open = goesOn(code)
		}
	}
	return all
}

// goesOn reports whether the shell would wait for more: behind a backslash, and within
// quotes.
func goesOn(text string) bool {
	return strings.HasSuffix(text, `\`) || strings.Count(text, "'")%2 == 1
}

func TestCommandsOf(t *testing.T) {
	text := "Type\n\n    podium status\n    ok    socket\n    curl -X POST a \\\n      -d b\n\nor\n\n```\nsudo make hil\n```\n    podium: it failed\n" +
		"    podium watch | jq 'a\n      | b' | c\n"
	want := []command{{3, "podium status"}, {5, "curl -X POST a \\\n  -d b"}, {11, "sudo make hil"}, {14, "podium watch | jq 'a\n  | b' | c"}}
	got := commandsOf(text)
	if len(got) != len(want) {
		t.Fatalf("%+v, want %+v", got, want)
	}
	for n := range want {
		if got[n] != want[n] {
			t.Errorf("%+v, want %+v", got[n], want[n])
		}
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
