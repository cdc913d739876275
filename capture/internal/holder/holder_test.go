package holder

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

func TestDescribe(t *testing.T) {
	path := filepath.Join(t.TempDir(), "device")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if got, want := Describe(path), "another program holds it"; got != want {
		t.Errorf("nobody holds it: %q, want %q", got, want)
	}
	first, second := hold(t, path), hold(t, path)
	if first > second {
		first, second = second, first
	}
	if got, want := Describe(path), fmt.Sprintf("pids %d, %d hold it", first, second); got != want {
		t.Errorf("two hold it: %q, want %q", got, want)
	}
}

func TestPIDsOfMissingFile(t *testing.T) {
	if got := PIDs(filepath.Join(t.TempDir(), "none")); got != nil {
		t.Errorf("got %v", got)
	}
}

// hold starts a process that has path open until the test ends.
func hold(t *testing.T, path string) int {
	t.Helper()
	cmd := exec.Command("sh", "-c", `exec 3<"$0"; echo ready; read wait`, path)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { in.Close(); _ = cmd.Wait() })
	if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	return cmd.Process.Pid
}
