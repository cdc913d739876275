//go:build hil

package hil

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"podium/test/hil/guestapi"
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
		{"systemd is up", r.serviceUp},
		{"both services start once they are configured", r.serviceConfigured},
		{"devices are the groups' own", r.serviceDevices},
		{"a turn", r.serviceTurn},
		{"the end leaves the lamps dark", r.serviceEnd},
	} {
		if !t.Run(step.name, step.run) {
			return
		}
	}
}

func (r *rig) serviceUp(t *testing.T) {
	until(t, "systemd", func() (string, error) {
		out, err := r.Run(guestapi.Command{Args: []string{"systemctl", "is-system-running"}})
		return strings.TrimSpace(out.Stdout), err
	}, func(s string) bool { return s == "running" || s == "degraded" })
	r.bash(t, "systemd-sysusers podium.conf && systemd-tmpfiles --create podium.conf && "+
		"udevadm control --reload && udevadm trigger --action=add --subsystem-match=gpio --subsystem-match=video4linux --subsystem-match=sound && udevadm settle && "+
		"systemctl daemon-reload && systemctl start podium.path podium-stage.path")
	if out := r.bash(t, "systemctl is-active podium podium-stage || true"); strings.Contains(strings.ReplaceAll(out, "inactive", ""), "active") {
		t.Errorf("a service runs that was not configured: %s", out)
	}
}

func (r *rig) serviceConfigured(t *testing.T) {
	r.tokens(t, "24h")
	// The credential is handed over by its name; the file is root's.
	r.bash(t, "sed -i /tokenFile/d /etc/podium/podium.yaml && sed -i /keyFile/d /etc/podium/stage.yaml && chmod 600 /etc/podium/*.token /etc/podium/stage.key && "+
		"touch /etc/podium/stage.yaml /etc/podium/podium.yaml")
	r.untilStatus(t, "connected", status.isOff)
	for _, unit := range []string{"podium", "podium-stage"} {
		begun, ready := r.moment(t, unit, "InactiveExitTimestampMonotonic"), r.moment(t, unit, "ActiveEnterTimestampMonotonic")
		t.Logf("%s: %s from its start to READY, in the machine's time", unit, (ready - begun).Round(time.Millisecond))
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
