package restart

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"podium/stage"
	"podium/stage/server"
)

const (
	patience = 30 * time.Second
	meeting  = "hall"
)

var key = []byte("0123456789abcdef0123456789abcdef")

// stageProcess is `podium stage` on loopback, again and again with one store.
type stageProcess struct {
	t       *testing.T
	binary  string
	config  string
	address string
	running *exec.Cmd
	log     bytes.Buffer // of the running one
}

func newStageProcess(t *testing.T) *stageProcess {
	t.Helper()
	folder := t.TempDir()
	p := &stageProcess{t: t, binary: filepath.Join(folder, "podium"), config: filepath.Join(folder, "stage.yaml"), address: freeAddress(t)}
	if out, err := exec.Command("go", "build", "-buildvcs=false", "-o", p.binary, "podium/cmd/podium").CombinedOutput(); err != nil {
		t.Fatalf("cannot build the command: %v\n%s", err, out)
	}
	// The lease outlasts a restart on a busy machine: what is lost is lost by the store.
	text := fmt.Sprintf("listen: %s\nmediaListen: 127.0.0.1:0\nlease: 1m\nlog: warn\n", p.address)
	for name, data := range map[string]string{"stage.yaml": text, "stage.key": string(key)} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		if p.running != nil {
			p.kill()
		}
	})
	return p
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// start runs the service and waits until it serves.
func (p *stageProcess) start() {
	p.t.Helper()
	p.log.Reset()
	p.running = exec.Command(p.binary, "stage", "--config", p.config)
	p.running.Stdout, p.running.Stderr = &p.log, &p.log
	if err := p.running.Start(); err != nil {
		p.t.Fatal(err)
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if r, err := client.Get("http://" + p.address + "/healthz"); err == nil {
			r.Body.Close()
			return
		}
	}
	p.kill()
	p.t.Fatalf("the stage does not start:\n%s", p.log.String())
}

// kill ends the service with SIGKILL, at whatever it is.
func (p *stageProcess) kill() {
	_ = p.running.Process.Kill()
	_ = p.running.Wait()
	p.running = nil
}

func token(t *testing.T, user, preset string) string {
	t.Helper()
	text, err := server.NewToken(key, server.TokenRequest{
		Meeting: meeting, UserID: user, Preset: stage.Presets[preset], TTL: time.Hour,
	}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return text
}
