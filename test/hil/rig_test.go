//go:build hil

package hil

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"podium/test/hil/machine"
)

const (
	runLimit  = 28 * time.Minute // of the whole machine; an idle host needs two or three
	waitLimit = 4 * time.Minute  // for one state; everything is emulated, on a host with other work
)

const (
	meeting   = "hall"
	podiumID  = "podium-1"
	stageURL  = "http://127.0.0.1:8080"
	hostToken = "/etc/podium/host.token"
)

// rig is the running machine with the test that looks at it.
type rig struct {
	*machine.Machine
	out string // folder for what the run leaves behind
}

// newRig builds what is missing and boots the machine.
func newRig(t *testing.T, name string) *rig { return newRigWith(t, name, false) }

// newRigWith boots the machine, as it is or with systemd as process 1.
func newRigWith(t *testing.T, name string, systemd bool) *rig {
	root := repository(t)
	out := os.Getenv("PODIUM_TEST_OUTPUT")
	if out == "" {
		out = filepath.Join(root, "test-output")
	}
	r := &rig{out: filepath.Join(out, name)}
	if err := os.RemoveAll(r.out); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), runLimit)
	t.Cleanup(cancel)

	image, err := machine.BuildImage(ctx, func(line string) { t.Log(line) })
	if err != nil {
		t.Fatal(err)
	}
	built.Do(func() { buildPrograms(t, root, filepath.Join(out, "hil-programs")) })
	if programs == "" {
		t.Fatal("the programs were not built")
	}
	begun := time.Now()
	r.Machine, err = machine.Boot(ctx, machine.Config{
		Image: image, Output: r.out, Systemd: systemd, Shell: os.Getenv("PODIUM_HIL_SHELL"),
		Overlay: func(a *machine.Archive) error { return overlay(a, programs, systemd) },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if os.Getenv("PODIUM_HIL_SHELL") != "" {
			t.Log("the machine stays for its shell until it is switched off there (poweroff -ff)")
			<-r.Exited()
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	t.Logf("kernel %s booted in %.1f s", image.Version, time.Since(begun).Seconds())
	return r
}

// programs is the folder of what was built for the machines, once for all tests.
var (
	built    sync.Once
	programs string
)

// buildPrograms builds what ships and the agent, for arm64.
func buildPrograms(t *testing.T, root, dir string) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	shell(t, root, nil, filepath.Join(root, "build/arm64/build.sh"), "./cmd/podium", filepath.Join(dir, "podium"))
	shell(t, root, []string{"CGO_ENABLED=0", "GOOS=linux", "GOARCH=arm64"},
		"go", "build", "-trimpath", "-ldflags", "-s -w", "-o", filepath.Join(dir, "guest"), "./test/hil/guest")
	shell(t, root, []string{"CGO_ENABLED=0", "GOOS=linux", "GOARCH=arm64"},
		"go", "build", "-trimpath", "-ldflags", "-s -w", "-o", filepath.Join(dir, "boardencoder"), "./test/hil/boardencoder")
	t.Logf("programs built in %.1f s", time.Since(begun).Seconds())
	programs = dir
}

func overlay(a *machine.Archive, programs string, systemd bool) error {
	key := make([]byte, 32)
	if _, err := rand.Read(key); err != nil {
		return err
	}
	if err := a.AddFile("etc/podium/stage.key", 0o600, fmt.Appendf(nil, "%x\n", key)); err != nil {
		return err
	}
	if systemd {
		if err := addServices(a, fmt.Sprintf("%x", key)); err != nil {
			return err
		}
	}
	if err := a.AddFile("usr/share/podium-hil/tone.raw", 0o644, tone()); err != nil {
		return err
	}
	if err := usbPictureFiles(a); err != nil {
		return err
	}
	for _, f := range []struct {
		name string
		mode uint32
		from string
	}{
		{"usr/share/podium-hil/usb.sh", 0o755, "testdata/usb.sh"},
		{"init", 0o755, filepath.Join(programs, "guest")},
		{"usr/share/podium-hil/boardencoder", 0o755, filepath.Join(programs, "boardencoder")},
		{"usr/bin/podium", 0o755, filepath.Join(programs, "podium")},
		{configured("etc/podium/stage.yaml", systemd), 0o644, "testdata/stage.yaml"},
		{configured("etc/podium/podium.yaml", systemd), 0o644, "testdata/podium.yaml"},
	} {
		if err := a.AddFrom(f.name, f.mode, f.from); err != nil {
			return err
		}
	}
	return nil
}

func repository(t *testing.T) string {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// shell runs a program of the host.
func shell(t *testing.T, dir string, env []string, args ...string) (stdout []byte) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), args[0], args[1:]...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdout, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s%s", strings.Join(args, " "), err, stdout, stderr.Bytes())
	}
	return stdout
}
