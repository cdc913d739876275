package house

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// What failed in a log of hundreds of tests stands in the few lines at its end.
func TestFailuresAreNamed(t *testing.T) {
	log := filepath.Join(t.TempDir(), "test.log")
	text := `=== RUN   TestGood
    good_test.go:3: noise
--- PASS: TestGood (0.00s)
=== RUN   TestBad
=== RUN   TestBad/part
    bad_test.go:7: got 1, want 2
--- FAIL: TestBad (0.00s)
    --- FAIL: TestBad/part (0.00s)
FAIL
FAIL	podium/bad	0.1s
ok  	podium/good	0.1s
test/peers/main.go:66:20: something (lint)
WARNING: DATA RACE
Write at 0x00c0 by goroutine 7:
make: *** [Makefile:34: test] Error 1
`
	if err := os.WriteFile(log, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("../../build/failures.sh", log).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, want := range []string{"--- FAIL: TestBad/part", "bad_test.go:7: got 1, want 2", "FAIL\tpodium/bad", "main.go:66:20", "DATA RACE", "goroutine 7", "Error 1"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	for _, not := range []string{"noise", "TestGood", "podium/good"} {
		if strings.Contains(string(out), not) {
			t.Errorf("%q in\n%s", not, out)
		}
	}
}
