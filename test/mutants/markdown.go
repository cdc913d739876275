package main

import (
	"fmt"
	"io"
	"strings"
)

const preface = `# Safety: never a hot microphone

<!-- Made from package test/mutants; go test ./test/mutants -update writes it anew. -->

A podium has one promise to keep: nobody is heard or seen who has not pressed the button for this very turn, and
nobody is heard any longer than they may be. The promise is taken apart into eleven properties. Each is enforced in
few places, and each of these places is broken on purpose by ` + "`make mutants`" + `: a small change of the source is made in a
copy of the module, and the tests named beside it are run, of which one has to fail. A change that no test notices
fails the run. So each line below says what holds, where, and what would notice if it did not.

Two rules stand behind all of them. **The remote side may close, never open**: the server can take the stage away at any
moment, but what opens the gate is this process's own join after its own speaker's press. **Closing comes first**: the
packets stop here, at once, before anything is said to anybody.
`

// writeMarkdown writes docs/safety.md.
func writeMarkdown(out io.Writer, all []property) error {
	if _, err := io.WriteString(out, preface); err != nil {
		return err
	}
	for _, p := range all {
		fmt.Fprintf(out, "\n## %d. %s\n\n%s\n\n| what holds | where | what notices |\n|---|---|---|\n", p.number, p.title, p.meaning)
		for _, m := range p.mutants {
			fmt.Fprintf(out, "| %s | `%s` | %s |\n", m.breaks, m.file, notices(m.tests))
		}
	}
	return nil
}

// notices names the tests of a mutant, the package once for those that follow.
func notices(tests []test) string {
	var words []string
	for _, pkg := range packages(tests) {
		var names []string
		for _, t := range tests {
			if t.pkg == pkg {
				names = append(names, "`"+t.name+"`")
			}
		}
		words = append(words, pkg+": "+strings.Join(names, ", "))
	}
	return strings.Join(words, "; ")
}
