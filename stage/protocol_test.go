package stage_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"podium/stage"
)

var update = flag.Bool("update", false, "rewrite the transition tables in docs/protocol.md")

const (
	protocolFile = "../docs/protocol.md"
	tablesBegin  = "<!-- transitions:begin -->"
	tablesEnd    = "<!-- transitions:end -->"
)

// The tables that users read are generated from the code's own.
func TestProtocolShowsTheTables(t *testing.T) {
	text, err := os.ReadFile(protocolFile)
	if *update && errors.Is(err, os.ErrNotExist) {
		text, err = []byte("# The protocol\n\n"+tablesBegin+"\n"+tablesEnd+"\n"), nil
	}
	if err != nil {
		t.Fatal(err)
	}
	head, rest, hasBegin := strings.Cut(string(text), tablesBegin)
	_, tail, hasEnd := strings.Cut(rest, tablesEnd)
	if !hasBegin || !hasEnd {
		t.Fatalf("%s lacks %s or %s", protocolFile, tablesBegin, tablesEnd)
	}
	want := head + tablesBegin + "\n" + tables() + tablesEnd + tail
	if want == string(text) {
		return
	}
	if !*update {
		t.Fatalf("%s does not show the tables of the code; run: go test ./stage -run %s -update", protocolFile, t.Name())
	}
	if err := os.WriteFile(protocolFile, []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
}

func tables() string {
	return "Own methods:\n\n" +
		table(stage.OwnCell, stage.RequestAccess, stage.CancelRequestAccess, stage.Join, stage.Leave, stage.Publish) +
		"\nHost methods, per target:\n\n" +
		table(stage.HostCell, stage.GrantAccess, stage.DenyAccess, stage.Kick)
}

type lookUp func(stage.Method, stage.Status, stage.Access) (stage.Cell, bool)

// table renders methods by statuses; where the stageAccess matters, a cell has
// one part for each.
func table(look lookUp, methods ...stage.Method) string {
	var b strings.Builder
	b.WriteString("| method |")
	for _, status := range stage.Statuses {
		fmt.Fprintf(&b, " `%s` |", status)
	}
	b.WriteString("\n|---|---|---|---|---|\n")
	for _, method := range methods {
		fmt.Fprintf(&b, "| `%s` |", method)
		for _, status := range stage.Statuses {
			fmt.Fprintf(&b, " %s |", cellText(look, method, status))
		}
		b.WriteString("\n")
	}
	return b.String()
}

func cellText(look lookUp, method stage.Method, status stage.Status) string {
	var parts []string
	same := true
	for _, access := range []stage.Access{stage.Allowed, stage.CanRequest, stage.NotAllowed} {
		cell, _ := look(method, status, access)
		part := outcomeText(cell)
		same = same && (len(parts) == 0 || strings.HasSuffix(parts[0], ": "+part))
		parts = append(parts, fmt.Sprintf("%s: %s", access, part))
	}
	if same {
		_, part, _ := strings.Cut(parts[0], ": ")
		return part
	}
	return strings.Join(parts, "; ")
}

func outcomeText(c stage.Cell) string {
	switch {
	case c.Err != 0:
		return fmt.Sprintf("error %d", c.Err)
	case c.To == "":
		return "no change"
	default:
		return fmt.Sprintf("→ `%s` (%s)", c.To, c.Reason)
	}
}
