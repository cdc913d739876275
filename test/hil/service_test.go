//go:build hil

package hil

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"podium/test/hil/guestapi"
	"podium/test/hil/machine"
)

// serviceFiles are what the package installs, by where.
var serviceFiles = map[string]string{
	"podium.service": "/usr/lib/systemd/system/", "podium.path": "/usr/lib/systemd/system/",
	"podium-stage.service": "/usr/lib/systemd/system/", "podium-stage.path": "/usr/lib/systemd/system/",
	"podium.sysusers": "/usr/lib/sysusers.d/podium.conf", "podium.tmpfiles": "/usr/lib/tmpfiles.d/podium.conf",
	"60-podium.rules": "/usr/lib/udev/rules.d/",
}

// TestService takes a turn in a machine whose systemd runs both services, shut in as the
// units have it: with lines, camera and sound card that belong to groups.
func TestService(t *testing.T) {
	t.Parallel()
	r := newRigWith(t, "hil-service", true)
	t.Cleanup(func() {
		out, err := r.Run(guestapi.Command{Args: []string{"journalctl", "--no-pager", "-b"}})
		if err == nil {
			r.keep(t, "journal.log", []byte(out.Stdout))
		}
		r.keepLogs(t)
	})
	for _, step := range []struct {
		name string
		run  func(*testing.T)
	}{
		{"both services are up after the start", r.serviceUp},
		{"devices are the groups' own", r.serviceDevices},
		{"a turn", r.serviceTurn},
		{"the end leaves the lamps dark", r.serviceEnd},
	} {
		if !t.Run(step.name, step.run) {
			return
		}
	}
}

// addServices adds the package's files, and what a technician has configured: secrets are
// root's, and handed over by their names.
func addServices(a *machine.Archive, key string) error {
	for name, to := range serviceFiles {
		if strings.HasSuffix(to, "/") {
			to += name
		}
		if err := a.AddFrom(strings.TrimPrefix(to, "/"), 0o644, filepath.Join("../../systemd", name)); err != nil {
			return err
		}
	}
	if err := a.AddFile("etc/podium/podium.token", 0o600, []byte(podiumToken(key))); err != nil {
		return err
	}
	for name, secret := range map[string]string{"podium.yaml": "tokenFile:", "stage.yaml": "keyFile:"} {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			return err
		}
		lines := slices.DeleteFunc(strings.SplitAfter(string(data), "\n"), func(line string) bool { return strings.HasPrefix(line, secret) })
		if err := a.AddFile("etc/podium/"+name, 0o644, []byte(strings.Join(lines, ""))); err != nil {
			return err
		}
	}
	return nil
}

// configured is where a machine finds its configuration: one with systemd has its own.
func configured(path string, systemd bool) string {
	if systemd {
		return "usr/share/podium-hil/" + filepath.Base(path)
	}
	return path
}

// podiumToken is a token (RFC 7519, HS256) that is there before the machine is.
func podiumToken(key string) string {
	part := func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }
	now := time.Now().Unix()
	text := part(`{"alg":"HS256","typ":"JWT"}`) + "." + part(fmt.Sprintf(`{"sub":%q,"name":%[1]q,"meeting":%q,"preset":"podium","aud":"podium","iat":%d,"exp":%d}`,
		podiumID, meeting, now-600, now+86400))
	sum := hmac.New(sha256.New, []byte(key))
	sum.Write([]byte(text))
	return text + "." + base64.RawURLEncoding.EncodeToString(sum.Sum(nil)) + "\n"
}

func (r *rig) serviceUp(t *testing.T) {
	until(t, "systemd", func() (string, error) {
		out, err := r.Run(guestapi.Command{Args: []string{"systemctl", "is-system-running"}})
		return strings.TrimSpace(out.Stdout), err
	}, func(s string) bool { return s == "running" || s == "degraded" })
	r.untilStatus(t, "connected", status.isOff)
	for _, unit := range []string{"podium", "podium-stage"} {
		begun, ready := r.moment(t, unit, "InactiveExitTimestampMonotonic"), r.moment(t, unit, "ActiveEnterTimestampMonotonic")
		t.Logf("%s: READY %s after the kernel's start, %s after its own, in the machine's time", unit, ready.Round(10*time.Millisecond), (ready - begun).Round(10*time.Millisecond))
	}
	if user := strings.TrimSpace(r.bash(t, "ps -o user= -p $(systemctl show -p MainPID --value podium)")); user != "podium" {
		t.Errorf("the podium runs as %s", user)
	}
	if out := r.bash(t, "journalctl --no-pager -b -u podium -u podium-stage -p warning -o cat | grep -i 'device\\|capabilit\\|namespace\\|seccomp' || true"); out != "" {
		t.Errorf("systemd could not shut the services in: %s", out)
	}
}

// moment gives one of a unit's times since the machine's start.
func (r *rig) moment(t *testing.T, unit, which string) time.Duration {
	t.Helper()
	text := strings.TrimSpace(r.bash(t, "systemctl show -p "+which+" --value "+unit))
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n == 0 {
		t.Fatalf("%s of %s is %q", which, unit, text)
	}
	return time.Duration(n) * time.Microsecond
}

func (r *rig) serviceDevices(t *testing.T) {
	out := r.bash(t, "stat -c '%G %a %n' /dev/gpiochip* /dev/video0 /dev/snd/pcm*c")
	for line := range strings.Lines(out) {
		group, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		want := "audio"
		switch {
		case strings.Contains(rest, "gpiochip"):
			want = "gpio"
		case strings.Contains(rest, "video"):
			want = "video"
		}
		if group != want || !strings.HasPrefix(rest, "660 ") {
			t.Errorf("%s; want group %s, 660", line, want)
		}
	}
	if s, err := r.status(); err != nil || len(s.Faults) != 0 {
		t.Errorf("faults: %+v, %v", s.Faults, err)
	}
}

func (r *rig) serviceTurn(t *testing.T) {
	for _, user := range []string{"host", "viewer"} {
		token := r.must(t, "token", "--meeting", meeting, "--user", user, "--preset", user, "--ttl", "24h", "--config", "/etc/podium/stage.yaml")
		if err := r.WriteFile("/etc/podium/"+user+".token", 0o600, []byte(token)); err != nil {
			t.Fatal(err)
		}
	}
	r.press(t, guestapi.LineRequest)
	r.untilRequested(t)
	r.grant(t)
	until(t, "the red line is high", r.Lamps, func(l guestapi.Lamps) bool { return l.Level[guestapi.LineRed] })
	r.must(t, "host", "kick", podiumID)
	r.untilStatus(t, "off", status.isOff)
	until(t, "the red line is low", r.Lamps, func(l guestapi.Lamps) bool { return !l.Level[guestapi.LineRed] })
}

func (r *rig) serviceEnd(t *testing.T) {
	r.bash(t, "systemctl stop podium.path podium")
	until(t, "both lines are low", r.Lamps, func(l guestapi.Lamps) bool {
		return !l.Level[guestapi.LineRed] && !l.Level[guestapi.LineGreen]
	})
	if out := strings.TrimSpace(r.bash(t, "systemctl show -p Result --value podium")); out != "success" {
		t.Errorf("the service ended with %s", out)
	}
}
