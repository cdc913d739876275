package house

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestEveryCauseIsExplained: what a status names stands in the documents.
func TestEveryCauseIsExplained(t *testing.T) {
	page, err := os.ReadFile("../../docs/hardware.md")
	if err != nil {
		t.Fatal(err)
	}
	named := 0
	for file, constant := range map[string]string{"../../appliance/gate.go": `Cause\w+ +Cause = "(\w+)"`, "../../publish/gate.go": `\w+ +Reason = "(\w+)"`} {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range regexp.MustCompile(constant).FindAllStringSubmatch(string(source), -1) {
			named++
			if !strings.Contains(string(page), "`"+found[1]+"`") {
				t.Errorf("docs/hardware.md does not say what %s means (%s)", found[1], file)
			}
		}
	}
	if named < 12 {
		t.Errorf("found %d causes", named)
	}
}
