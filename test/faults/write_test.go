//go:build faults

package faults

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"podium/test/faults/verdict"
)

const (
	root     = "../.."
	document = root + "/docs/faults.md"

	// The table stands between these.
	tableBegins = "<!-- faults:begin -->\n"
	tableEnds   = "<!-- faults:end -->\n"
)

const narrowHead = `Where the connection is too small for the picture:

`

// write writes what was asked for.
func (s *results) write(t *testing.T) {
	all := s.inOrder()
	if *asJSON != "" {
		data, err := json.MarshalIndent(all, "", "  ")
		if err == nil {
			err = os.WriteFile(fromRoot(*asJSON), append(data, '\n'), 0o644)
		}
		if err != nil {
			t.Error(err)
		}
	}
	switch {
	case !*update:
	case len(all) < len(runs()):
		t.Errorf("%s is not written: only %d of %d runs were done", document, len(all), len(runs()))
	default:
		if err := writeDocument(all); err != nil {
			t.Error(err)
		}
	}
}

// fromRoot has a file's name count from where make was called.
func fromRoot(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(root, name)
}

func writeDocument(all []verdict.Run) error {
	data, err := os.ReadFile(document)
	if err != nil {
		return err
	}
	head, rest, begins := strings.Cut(string(data), tableBegins)
	_, tail, ends := strings.Cut(rest, tableEnds)
	if !begins || !ends {
		return fmt.Errorf("%s has no place for the table: %q and %q", document, tableBegins, tableEnds)
	}
	text := head + tableBegins + recorded(len(all)) + verdict.Table(all) + "\n" + narrowHead + verdict.Pictures(all) + tableEnds + tail
	return os.WriteFile(document, []byte(text), 0o644)
}

// recorded says when and on what.
func recorded(count int) string {
	return fmt.Sprintf("%d runs on %s, %d shared %s cores, %s, three at a time.\n\n",
		count, time.Now().Format("2006-01-02"), runtime.NumCPU(), runtime.GOARCH, runtime.Version())
}
