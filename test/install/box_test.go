//go:build install

package install

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// box is a system that runs.
type box struct {
	*testing.T
	root  string
	first string // the process that is 1 in it
}

// patience is for what has to come, on a machine with much to do.
const patience = 60 * time.Second

// start unpacks a clean system and starts its systemd.
func start(t *testing.T, suite string) *box {
	t.Helper()
	b := &box{T: t, root: filepath.Join(t.TempDir(), suite)}
	if err := os.Mkdir(b.root, 0o755); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("tar", "-xf", image(t, suite), "-C", b.root).CombinedOutput(); err != nil {
		t.Fatalf("tar: %v\n%s", err, out)
	}
	cmd := exec.Command("systemd-nspawn", "-q", "-D", b.root, "--register=no", "--keep-unit", "--private-network", "--console=pipe", "-b")
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		t.Fatalf("systemd-nspawn: %v", err)
	}
	over := make(chan error, 1)
	go func() { over <- cmd.Wait() }()
	t.Cleanup(func() {
		_, _ = b.try("systemctl poweroff --force")
		select {
		case <-over:
		case <-time.After(patience):
			_ = cmd.Process.Kill()
			<-over
			t.Error("the system does not end")
		}
	})
	b.until("the system to start", func() error {
		select {
		case err := <-over:
			over <- err
			t.Fatalf("systemd-nspawn has ended: %v\n%s", err, said.String())
		default:
		}
		children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%[1]d/children", cmd.Process.Pid))
		if err != nil || len(bytes.Fields(children)) == 0 {
			return fmt.Errorf("no process in it, %w", err)
		}
		b.first = string(bytes.Fields(children)[0])
		out, err := b.try("systemctl is-system-running")
		if s := strings.TrimSpace(out); s == "running" || s == "degraded" {
			return nil
		}
		return fmt.Errorf("it is %s, %w", out, err)
	})
	return b
}

// try runs a command line inside.
func (b *box) try(text string) (string, error) {
	cmd := exec.Command("nsenter", "--target", b.first, "--all", "--", "/bin/sh", "-c", text)
	cmd.Env = []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C.UTF-8"}
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// run is try, for what must work.
func (b *box) run(text string) string {
	b.Helper()
	out, err := b.try(text)
	if err != nil {
		b.Fatalf("%s: %v\n%s\n%s", text, err, out, b.journal())
	}
	return strings.TrimSpace(out)
}

func (b *box) journal() string {
	out, _ := b.try("journalctl --no-pager -n 60 -u podium.service -u podium-stage.service -u podium-boot.service")
	return out
}

// until waits for something.
func (b *box) until(what string, look func() error) {
	b.Helper()
	limit := time.Now().Add(patience)
	for {
		err := look()
		if err == nil {
			return
		}
		if time.Now().After(limit) {
			b.Fatalf("waited in vain for %s: %v\n%s", what, err, b.journal())
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// says waits until a command's answer has something in it.
func (b *box) says(command, want string) {
	b.Helper()
	b.until(command+" to say "+want, func() error {
		if out, err := b.try(command); !strings.Contains(out, want) {
			return fmt.Errorf("it says %s (%w)", out, err)
		}
		return nil
	})
}

// give puts a file into the system.
func (b *box) give(from, to string) {
	b.Helper()
	if out, err := exec.Command("cp", from, filepath.Join(b.root, to)).CombinedOutput(); err != nil {
		b.Fatalf("cp: %v\n%s", err, out)
	}
}
