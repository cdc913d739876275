package config

import (
	"bufio"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// PrintPodium writes a podium.yaml with every key explained and its default.
func PrintPodium(w io.Writer) error {
	p := DefaultPodium()
	return printSchema(w, podiumSchema(&p))
}

// PrintStage writes a stage.yaml with every key explained and its default.
func PrintStage(w io.Writer) error {
	s := DefaultStage()
	return printSchema(w, stageSchema(&s))
}

// printWidth is where comments are broken, in characters.
const printWidth = 80

func printSchema(to io.Writer, s schema) error {
	w := bufio.NewWriter(to)
	comment(w, "", s.title+" Every key may be left out; what stands here is its default."+
		" The environment variable in brackets replaces a key.")
	var open []string
	for _, one := range s.settings {
		parts := strings.Split(one.key, ".")
		sections, name := parts[:len(parts)-1], parts[len(parts)-1]
		open = openSections(w, s, open, sections)
		indent := strings.Repeat("  ", len(sections))
		if len(sections) == 0 {
			fmt.Fprintln(w)
		}
		comment(w, indent, one.doc+" ["+EnvName(one.key)+"]")
		fmt.Fprintf(w, "%s%s: %s\n", indent, name, yamlValue(one))
	}
	return w.Flush()
}

// openSections writes the headings between the section that is open and the wanted one.
func openSections(w io.Writer, s schema, open, want []string) []string {
	same := 0
	for same < len(open) && same < len(want) && open[same] == want[same] {
		same++
	}
	for i := same; i < len(want); i++ {
		indent := strings.Repeat("  ", i)
		if i == 0 {
			fmt.Fprintln(w)
		}
		comment(w, indent, s.sections[strings.Join(want[:i+1], ".")])
		fmt.Fprintf(w, "%s%s:\n", indent, want[i])
	}
	return want
}

// comment writes text as comment lines.
func comment(w io.Writer, indent, text string) {
	line := indent + "#"
	for _, word := range strings.Fields(text) {
		if len(line)+1+len(word) > printWidth {
			fmt.Fprintln(w, line)
			line = indent + "#"
		}
		line += " " + word
	}
	fmt.Fprintln(w, line)
}

func yamlValue(one setting) string {
	var words []string
	for _, word := range one.get() {
		words = append(words, yamlWord(word, one.kind))
	}
	if one.kind == kindList {
		return "[" + strings.Join(words, ", ") + "]"
	}
	return words[0]
}

var (
	plainWord = regexp.MustCompile(`^[A-Za-z/][A-Za-z0-9/._-]*(:[A-Za-z0-9/._-]+)*$`)
	otherType = regexp.MustCompile(`(?i)^(true|false|null|yes|no|on|off|y|n)$`)
)

// yamlWord quotes a text that YAML could read as something else.
func yamlWord(word string, of kind) string {
	if of == kindNumber || of == kindYesNo || of == kindTime || (plainWord.MatchString(word) && !otherType.MatchString(word)) {
		return word
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\t", `\t`).Replace(word) + `"`
}
