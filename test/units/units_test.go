package units

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const source = "../../systemd"

// folder puts what the package installs, and the units of systemd itself, into a tree.
func folder(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	units := filepath.Join(root, "usr/lib/systemd/system")
	for _, dir := range []string{units, filepath.Join(root, "usr/bin"), filepath.Join(root, "etc"), filepath.Join(root, "usr/lib/sysusers.d")} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	run(t, "cp", "-r", "/usr/lib/systemd/system/.", units)
	for _, u := range all(t) {
		run(t, "cp", filepath.Join(source, u), units)
	}
	run(t, "cp", filepath.Join(source, "podium.sysusers"), filepath.Join(root, "usr/lib/sysusers.d/podium.conf"))
	for _, name := range []string{"podium", "sh", "systemctl"} {
		run(t, "cp", "/bin/true", filepath.Join(root, "usr/bin", name))
	}
	return root
}

// all are the names of the units.
func all(t *testing.T) (names []string) {
	t.Helper()
	files, err := os.ReadDir(source)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if e := filepath.Ext(f.Name()); e == ".service" || e == ".path" {
			names = append(names, f.Name())
		}
	}
	return names
}

func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

func TestVerify(t *testing.T) {
	if out := run(t, "systemd-analyze", append([]string{"verify", "--man=no", "--root=" + folder(t)}, all(t)...)...); out != "" {
		t.Errorf("systemd-analyze verify says:\n%s", out)
	}
}

// exposed gives what systemd finds that a service could do without, from 0 (nothing) to
// 10 (all): systemd-analyze(1), security.
func exposed(t *testing.T, unit string) (score float64, left []string) {
	t.Helper()
	var found []struct {
		Name     string  `json:"name"`
		Exposure *string `json:"exposure"`
		Set      bool    `json:"set"`
	}
	out := run(t, "systemd-analyze", "security", "--offline=true", "--json=short", "--threshold=100", unit)
	if err := json.Unmarshal([]byte(out), &found); err != nil {
		t.Fatal(err)
	}
	text := run(t, "systemd-analyze", "security", "--offline=true", "--no-pager", unit)
	_, overall, _ := strings.Cut(text, "Overall exposure level for "+filepath.Base(unit)+":")
	if err := json.Unmarshal([]byte(strings.Fields(overall + " x")[0]), &score); err != nil {
		t.Fatalf("systemd-analyze security says no score: %v\n%s", err, text)
	}
	for _, f := range found {
		if f.Exposure != nil && !f.Set {
			left = append(left, f.Name)
		}
	}
	return score, left
}

func TestSecurity(t *testing.T) {
	for unit, most := range map[string]float64{"podium.service": 1.5, "podium-stage.service": 2.0, "podium-boot.service": 2.6} {
		score, left := exposed(t, filepath.Join(source, unit))
		t.Logf("%s: %.1f; it has %s", unit, score, strings.Join(left, ", "))
		if score > most {
			t.Errorf("%s: %.1f, want at most %.1f", unit, score, most)
		}
	}
}

func TestUsersAreMade(t *testing.T) {
	root := folder(t)
	run(t, "systemd-sysusers", "--root="+root)
	users, groups := names(t, root+"/etc/passwd"), names(t, root+"/etc/group")
	for _, unit := range all(t) {
		text, err := os.ReadFile(filepath.Join(source, unit))
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			key, value, _ := strings.Cut(strings.TrimSpace(line), "=")
			there := groups
			switch key {
			case "User":
				there = users
			case "Group", "SupplementaryGroups":
			default:
				continue
			}
			for _, name := range strings.Fields(value) {
				if !slices.Contains(there, name) {
					t.Errorf("%s has %s=%s, which nobody makes: %q", unit, key, name, there)
				}
			}
		}
	}
}

// names gives the first column of a file such as /etc/passwd.
func names(t *testing.T, file string) (all []string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		name, _, _ := strings.Cut(line, ":")
		all = append(all, name)
	}
	return all
}
