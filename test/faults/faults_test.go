//go:build faults

package faults

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"podium/test/faults/verdict"
)

var (
	chosen  = flag.String("rows", "", "run only what this regexp fits in the name")
	asJSON  = flag.String("json", "", "write all that was seen to this file, as JSON")
	update  = flag.Bool("update", false, "write the table into docs/faults.md")
	command = flag.String("binary", "../../dist/podium", "the command under test")
)

func binary(t *testing.T) string {
	t.Helper()
	path, err := filepath.Abs(*command)
	if err == nil {
		_, err = os.Stat(path)
	}
	if err != nil {
		t.Fatalf("cannot test %s: %v (make build)", *command, err)
	}
	return path
}

func TestMain(m *testing.M) {
	flag.Parse()
	if os.Geteuid() != 0 {
		fmt.Fprintln(os.Stderr, "the faults need root, for network namespaces and TUN devices: sudo make faults")
		os.Exit(1)
	}
	goleak.VerifyTestMain(m)
}

func TestFaults(t *testing.T) {
	fits, err := regexp.Compile(*chosen)
	if err != nil {
		t.Fatalf("cannot choose rows: %v", err)
	}
	wanted := slices.DeleteFunc(runs(), func(x run) bool {
		return !fits.MatchString(x.name()) || testing.Short() && !x.short
	})
	if len(wanted) == 0 {
		t.Fatalf("no row has %q in its name", *chosen)
	}
	slices.SortStableFunc(wanted, func(a, b run) int { return cmp.Compare(b.lasts, a.lasts) }) // the long ones first
	seen := &results{of: len(wanted)}
	t.Run("rows", func(t *testing.T) {
		for _, x := range wanted {
			t.Run(x.name(), func(t *testing.T) {
				t.Parallel()
				r := newRig(t, x)
				got := r.perform(t, x)
				got.Wrong = verdict.Judge(got, x.want())
				for _, wrong := range got.Wrong {
					t.Error(wrong)
				}
				seen.add(x.order, got)
			})
		}
	})
	seen.write(t)
}

// results collects what was seen.
type results struct {
	of int

	mu   sync.Mutex
	runs map[int]verdict.Run // by the order in the table
}

func (s *results) add(order int, r verdict.Run) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.runs == nil {
		s.runs = map[int]verdict.Run{}
	}
	s.runs[order] = r
	fmt.Printf("%2d/%d %s\n", len(s.runs), s.of, verdict.Line(r))
}

// inOrder gives the runs in the order of the table.
func (s *results) inOrder() (all []verdict.Run) {
	for order := range runs() {
		if r, ok := s.runs[order]; ok {
			all = append(all, r)
		}
	}
	return all
}
