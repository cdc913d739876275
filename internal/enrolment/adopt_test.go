package enrolment

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"podium/config"
	"podium/internal/fingerprint"
	"podium/stage"
	"podium/stage/server"
)

func enrolled(t *testing.T) Enrolled {
	t.Helper()
	token, err := server.NewToken(make([]byte, 32), server.TokenRequest{Meeting: "hall", UserID: "podium-7", Preset: stage.Presets["podium"], TTL: time.Hour}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return Enrolled{Server: "https://stage.example:8080", Fingerprint: fingerprint.Key{7}, Meeting: "hall", UserID: "podium-7", Credential: token}
}

func TestAdopt(t *testing.T) {
	for _, row := range []struct{ name, before, want string }{
		{"nothing was there", "", head + "server: https://stage.example:8080\nserverFingerprint: KEY\n"},
		{
			"the rest stays", "# mine\nserver: http://old:1 # was here\npanel: {kind: none}\njoin: press",
			"# mine\nserver: https://stage.example:8080\npanel: {kind: none}\njoin: press\nserverFingerprint: KEY\n",
		},
		{"a former pin goes", "serverFingerprint: SHA256:00\nserver: https://a\n", "serverFingerprint: KEY\nserver: https://stage.example:8080\n"},
	} {
		t.Run(row.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "podium.yaml")
			if row.before != "" {
				if err := os.WriteFile(path, []byte(row.before), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			e := enrolled(t)
			if err := Adopt(path, e); err != nil {
				t.Fatal(err)
			}
			got, err := os.ReadFile(path)
			if want := strings.ReplaceAll(row.want, "KEY", e.Fingerprint.String()); err != nil || string(got) != want {
				t.Errorf("got\n%s, %v, want\n%s", got, err, want)
			}
			c, err := config.LoadPodium(path)
			if err != nil || c.Server != e.Server || c.Fingerprint != e.Fingerprint {
				t.Errorf("%+v, %v", c, err)
			}
			if info, err := os.Stat(c.TokenFile); err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("the token's file: %v, %v", info, err)
			}
		})
	}
}

// A code is not used up for nothing.
func TestPrepare(t *testing.T) {
	folder := t.TempDir()
	broken := filepath.Join(folder, "podium.yaml")
	if err := os.WriteFile(broken, []byte("sever: here\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		filepath.Join(folder, "new.yaml"): "",
		broken:                            "podium.yaml:1: sever",
		filepath.Join(folder, "none", "podium.yaml"): "cannot write into",
	} {
		if err := Prepare(path); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", path, err, want)
		}
	}
}
