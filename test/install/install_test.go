//go:build install

package install

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"
)

const (
	podiumYAML = `printf 'server: http://127.0.0.1:8080\npanel: {kind: none}\ncamera: {device: test, width: 320, height: 180, frameRate: 10}\nmicrophone: {device: test}\n' > /etc/podium/podium.yaml`
	hostArgs   = " --server http://127.0.0.1:8080 --token-file /root/host.token"
)

func TestInstall(t *testing.T) {
	for _, suite := range suites {
		t.Run(suite, func(t *testing.T) {
			t.Parallel()
			b := start(t, suite)
			before := b.files()
			b.install(releases[0])
			b.waitsToBeConfigured()
			b.configure()
			b.takesATurn()
			b.takesInADroppedFile()
			b.brokenConfiguration()
			b.crashes()
			b.upgrade(releases[1])
			b.purge(before)
		})
	}
}

// TestSameBytes: what is made of the same tree is the same, wherever the tree stands.
func TestSameBytes(t *testing.T) {
	elsewhere := t.TempDir()
	out, err := exec.Command("sh", "-c", "cd ../.. && git ls-files -z -co --exclude-standard | tar -c --null -T - | tar -x -C "+elsewhere).CombinedOutput()
	if err != nil {
		t.Fatalf("cannot copy the tree: %v\n%s", err, out)
	}
	for name, args := range map[string]string{"SOURCE_DATE_EPOCH": "--format=%ct", "COMMIT": "--format=%h --abbrev=12"} {
		value, err := exec.Command("git", append([]string{"log", "-1"}, strings.Fields(args)...)...).Output()
		if err != nil {
			t.Fatal(err)
		}
		t.Setenv(name, strings.TrimSpace(string(value))) // a copy has no git to ask
	}
	var again release
	if err := again.make(elsewhere, t.TempDir(), releases[0].version); err != nil {
		t.Fatal(err)
	}
	var sums [2][sha256.Size]byte
	for n, path := range []string{releases[0].path, again.path} {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		sums[n] = sha256.Sum256(data)
		if most := 12 << 20; len(data) > most {
			t.Errorf("the package has %d bytes, want at most %d", len(data), most)
		}
	}
	if sums[0] != sums[1] {
		t.Errorf("two packages of one tree differ: %x, %x", sums[0], sums[1])
	}
}

func (b *box) install(r release) {
	b.Helper()
	b.give(r.path, "/root/podium.deb")
	out := b.run("apt-get install -y -q --no-install-recommends /root/podium.deb")
	for line := range strings.Lines(out) {
		if strings.HasPrefix(line, "Failed") || strings.Contains(line, "warning") || strings.Contains(line, "error") {
			b.Errorf("the installation says %s", line)
		}
	}
	if v := b.run("dpkg-query -W -f '${Version}' podium"); v != r.version {
		b.Errorf("version %s is installed, want %s", v, r.version)
	}
	b.run("podium version")
}

// waitsToBeConfigured: nothing fails, nothing runs, and who asks is told why.
func (b *box) waitsToBeConfigured() {
	b.Helper()
	if failed := b.run("systemctl --failed --quiet --no-legend"); failed != "" {
		b.Errorf("after the installation has failed: %s", failed)
	}
	for unit, file := range map[string]string{"podium": "/etc/podium/podium", "podium-stage": "/etc/podium/stage"} {
		if out, _ := b.try("systemctl status --no-pager " + unit); !strings.Contains(out, "ConditionPathExists="+file) {
			b.Errorf("systemctl status %s does not say what it waits for:\n%s", unit, out)
		}
		b.run("systemctl is-enabled " + unit)
	}
}

// starts starts a unit, or starts it anew. Where a kernel has the former cgroup hierarchies
// as well, systemd 257 may look for that of a unit that has just ended, which is gone
// ("Failed to spawn executor"): it is there at the next try.
func (b *box) starts(unit string) {
	b.Helper()
	b.until(unit+" to start", func() error {
		if out, err := b.try("systemctl restart " + unit); err != nil {
			return fmt.Errorf("%w: %s", err, out)
		}
		return nil
	})
}

// active waits until a unit runs.
func (b *box) active(unit string) {
	b.Helper()
	b.until(unit+" to run", func() error {
		if out, err := b.try("systemctl is-active " + unit); strings.TrimSpace(out) != "active" {
			return fmt.Errorf("it is %s, %w", out, err)
		}
		return nil
	})
}

// configure is what docs/install.md has the technician do.
func (b *box) configure() {
	b.Helper()
	b.run("podium stage --print-config > /etc/podium/stage.yaml; umask 077; head -c 32 /dev/urandom | base64 > /etc/podium/stage.key")
	b.run("podium token --meeting hall --user podium-1 --name 'Podium 1' --preset podium --ttl 8760h --config /etc/podium/stage.yaml --out /etc/podium/podium.token")
	b.run("podium token --meeting hall --user chair --preset host --config /etc/podium/stage.yaml --out /root/host.token")
	b.active("podium-stage")
	b.run(podiumYAML)
	b.active("podium")
	b.says("podium status --json", `"connected": true`)
}

func (b *box) status() (s struct {
	Status string `json:"status"`
	OnAir  bool   `json:"onAir"`
	Reason string `json:"reason"`
	Lamps  struct {
		Red   string `json:"red"`
		Green string `json:"green"`
	} `json:"lamps"`
}, err error) {
	out, err := b.try("podium status --json")
	if err != nil {
		return s, fmt.Errorf("podium status: %w: %s", err, out)
	}
	return s, json.Unmarshal([]byte(out), &s)
}

// is waits until the podium has a status and its red lamp a pattern.
func (b *box) is(status, red string) {
	b.Helper()
	b.until("the podium to be "+status+", red "+red, func() error {
		s, err := b.status()
		if err != nil || s.Status != status || s.Lamps.Red != red || s.OnAir != (red == "on") {
			return fmt.Errorf("it is %+v, %w", s, err)
		}
		return nil
	})
}

func (b *box) goesOnAir() {
	b.Helper()
	b.is("OFF_STAGE", "off")
	b.run("podium press request")
	b.says("podium host requests --json"+hostArgs, "podium-1")
	b.run("podium host grant podium-1" + hostArgs)
	b.is("ON_STAGE", "on")
}

func (b *box) takesATurn() {
	b.Helper()
	b.goesOnAir()
	b.run("podium host kick podium-1" + hostArgs)
	b.is("OFF_STAGE", "off")
}

// takesInADroppedFile: what somebody has put onto the boot partition makes this machine
// another podium, whose credential a host withdraws.
func (b *box) takesInADroppedFile() {
	b.Helper()
	b.run("mkdir -p /boot/firmware; printf 'server: http://127.0.0.1:8080\ncode: K7QM-3XWP\n' > /boot/firmware/podium.yaml")
	if out, err := b.try("systemctl start podium-boot"); err == nil {
		b.Errorf("a wrong code was taken in: %s", out)
	}
	if out := b.run("cat /boot/firmware/podium.yaml.problem.txt"); !strings.Contains(out, "the code is wrong") {
		b.Errorf("beside the file stands %s", out)
	}
	code := strings.Fields(b.run("podium host add-podium pulpit" + hostArgs))[0]
	b.run("printf 'server: http://127.0.0.1:8080\ncode: " + code + "\n' > /boot/firmware/podium.yaml")
	b.starts("podium-boot")
	b.run("test -e /boot/firmware/podium.yaml.taken -a ! -e /boot/firmware/podium.yaml -a ! -e /boot/firmware/podium.yaml.problem.txt")
	b.says("podium status --json", `"userId": "pulpit"`)
	b.says("podium status --json", `"connected": true`)
	b.is("OFF_STAGE", "off")
	b.run("podium host withdraw pulpit" + hostArgs)
	b.says("podium status", "podium enroll CODE")
	b.run("rm -r /boot/firmware")
	// The former one comes back.
	b.run("podium token --meeting hall --user podium-1 --name 'Podium 1' --preset podium --ttl 8760h --config /etc/podium/stage.yaml --out /etc/podium/podium.token")
	b.starts("podium")
	b.says("podium status --json", `"connected": true`)
}

// restartSec is the unit's.
const restartSec = 500 * time.Millisecond

// brokenConfiguration: a service that cannot start says so once, and starts by itself
// when the file has been mended.
func (b *box) brokenConfiguration() {
	b.Helper()
	b.run("echo 'sever: http://192.0.2.1' > /etc/podium/podium.yaml")
	_, _ = b.try("systemctl restart podium")
	b.says("systemctl is-failed podium", "failed")
	if out := b.run("journalctl --no-pager -o cat -u podium.service -n 20"); !strings.Contains(out, "/etc/podium/podium.yaml:1: sever") {
		b.Errorf("the journal does not say what is wrong:\n%s", out)
	}
	// One more start there may have been, where systemd had lost the cgroup (see starts); a
	// service that is started on and on would be so several times in this while.
	before := b.run("systemctl show -p NRestarts --value podium")
	time.Sleep(4 * restartSec)
	if after := b.run("systemctl show -p NRestarts --value podium"); after != before {
		b.Errorf("it is started with the same file again: %s times before, %s now", before, after)
	}
	b.says("systemctl is-failed podium", "failed")
	b.run(podiumYAML)
	b.active("podium")
	b.is("OFF_STAGE", "off")
}

// crashes: a process that dies, or hangs, comes back; its turn does not.
func (b *box) crashes() {
	b.Helper()
	for n, signal := range []string{"KILL", "STOP"} {
		b.goesOnAir()
		b.run("systemctl kill --kill-whom=main --signal=" + signal + " podium")
		b.says("systemctl show -p NRestarts podium", fmt.Sprintf("NRestarts=%d", n+1))
		b.active("podium")
		b.is("OFF_STAGE", "off")
	}
}

// upgrade comes in the middle of a turn: the speaker is told, the podium is back by
// itself, and a new press works. What was configured stays.
func (b *box) upgrade(r release) {
	b.Helper()
	b.run("echo '# mine' >> /etc/podium/stage.yaml")
	settings := b.run("podium host settings mode=fifo stageLimit=1 --json" + hostArgs)
	kept := b.run("cat /etc/podium/*")
	b.goesOnAirInFifo()
	b.install(r)
	b.active("podium-stage")
	b.says("podium status --json", `"connected": true`)
	b.is("OFF_STAGE", "off")
	if now := b.run("cat /etc/podium/*"); now != kept {
		b.Errorf("the upgrade changed /etc/podium")
	}
	if now := b.run("podium host settings --json" + hostArgs); now != settings {
		b.Errorf("the upgrade lost the meeting's settings: %s, were %s", now, settings)
	}
	b.goesOnAirInFifo()
	b.Logf("from the start of the process to READY: podium %s, stage %s", b.ready("podium"), b.ready("podium-stage"))
	b.run("podium host kick podium-1" + hostArgs)
	b.run("systemctl reload podium podium-stage")
	for _, unit := range []string{"podium", "podium-stage"} {
		b.says("journalctl --no-pager -o cat -u "+unit+" -n 5", "event=configuration_read")
	}
}

// goesOnAirInFifo needs no host.
func (b *box) goesOnAirInFifo() {
	b.Helper()
	b.is("OFF_STAGE", "off")
	b.run("podium press request")
	b.is("ON_STAGE", "on")
}

// ready tells how long a unit took to start.
func (b *box) ready(unit string) string {
	b.Helper()
	var begun, ready int
	out := b.run("systemctl show -p InactiveExitTimestampMonotonic -p ActiveEnterTimestampMonotonic " + unit)
	for line := range strings.Lines(out) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		into := &begun
		if key == "ActiveEnterTimestampMonotonic" {
			into = &ready
		}
		if _, err := fmt.Sscan(value, into); err != nil {
			b.Fatalf("systemctl show: %s: %v", line, err)
		}
	}
	return fmt.Sprintf("%.0f ms", float64(ready-begun)/1000)
}

// purge takes everything away.
func (b *box) purge(before []string) {
	b.Helper()
	b.run("apt-get purge -y -q podium")
	var left []string
	for _, f := range b.files() {
		if !slices.Contains(before, f) {
			left = append(left, f)
		}
	}
	if left != nil {
		b.Errorf("the purge leaves %q", left)
	}
	for _, name := range []string{"podium", "podium-stage"} {
		if out, err := b.try("getent passwd " + name); err == nil {
			b.Errorf("the purge leaves the user %s", out)
		}
		if out, _ := b.try("pgrep -u " + name); out != "" && !strings.Contains(out, "not found") && !strings.Contains(out, "invalid") {
			b.Errorf("the purge leaves processes: %s", out)
		}
	}
	if failed := b.run("systemctl --failed --quiet --no-legend"); failed != "" {
		b.Errorf("after the purge has failed: %s", failed)
	}
}

// files gives what there is, but for what dpkg, apt and systemd keep about all packages.
func (b *box) files() []string {
	b.Helper()
	return strings.Split(b.run(`find / -xdev \( -path /proc -o -path /sys -o -path /run -o -path /dev -o -path /tmp -o -path /root \
		-o -path /var/cache -o -path /var/log -o -path /var/lib/apt -o -path '/var/lib/dpkg/*' -o -path /var/lib/systemd \
		-o -path '/etc/*-' \) -prune -o -print | sort`), "\n")
}
