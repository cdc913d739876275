package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"podium/internal/fingerprint"
)

// The fingerprint is taken in the forms in which people have it, from the file
// as from the environment.
func TestServerFingerprint(t *testing.T) {
	dir := folder(t)
	want := fingerprint.Key{0xab, 0xcd}
	digits := strings.TrimPrefix(want.String(), "SHA256:")
	colons := digits[:2]
	for i := 2; i < len(digits); i += 2 {
		colons += ":" + digits[i:i+2]
	}
	for _, form := range []string{want.String(), digits, colons, strings.ToUpper(colons), "SHA256:" + colons} {
		p, err := LoadPodium(write(t, dir, "podium.yaml", "server: https://hall\nserverFingerprint: "+form))
		if err != nil || p.Fingerprint != want {
			t.Errorf("%s: %s, %v", form, p.Fingerprint, err)
		}
	}
	t.Setenv("PODIUM_SERVER_FINGERPRINT", colons)
	if p, err := LoadPodium(write(t, dir, "podium.yaml", "server: https://hall")); err != nil || p.Fingerprint != want {
		t.Errorf("by the environment: %s, %v", p.Fingerprint, err)
	}
	t.Setenv("PODIUM_SERVER_FINGERPRINT", "")
	if p, err := LoadPodium(write(t, dir, "podium.yaml", "server: https://hall\nserverFingerprint: ''")); err != nil || !p.Fingerprint.IsZero() {
		t.Errorf("empty: %s, %v", p.Fingerprint, err)
	}
}

// A self-made certificate lies beside the store, where the service may write.
func TestSelfSignedLiesBesideTheStore(t *testing.T) {
	dir := folder(t)
	for store, want := range map[string]string{
		"":                              filepath.Join(dir, "stage.tls.key"),
		"store: data/hall.db\n":         filepath.Join(dir, "data/hall.tls.key"),
		"store: /var/lib/podium/x.db\n": "/var/lib/podium/x.tls.key",
		"store: none\n":                 filepath.Join(dir, "stage.tls.key"),
	} {
		s, err := LoadStage(write(t, dir, "stage.yaml", store+"tls: {selfSigned: true}"))
		if err != nil || s.TLS != (TLS{KeyFile: want, CertFile: strings.TrimSuffix(want, "key") + "crt", SelfSigned: true}) {
			t.Errorf("%q: %+v, %v; want %s", store, s.TLS, err, want)
		}
	}
}

// A key that others can read is refused, a token is not: see docs/configuration.md.
func TestRightsOfSecrets(t *testing.T) {
	dir := folder(t)
	for _, name := range []string{"stage.key", "podium.token"} {
		if err := os.Chmod(filepath.Join(dir, name), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	mend := "chmod 600 " + filepath.Join(dir, "stage.key")
	if _, err := LoadStage(write(t, dir, "stage.yaml", "")); err == nil || !strings.Contains(err.Error(), mend) || !strings.Contains(err.Error(), "keyFile") {
		t.Errorf("the stage's key: %v", err)
	}
	if _, err := LoadStage(write(t, dir, "stage.yaml", "keyFile: stage.key\ntls: {certFile: a.pem, keyFile: stage.key}")); err == nil || !strings.Contains(err.Error(), ":2: tls.keyFile") || strings.Count(err.Error(), mend) != 2 {
		t.Errorf("the certificate's key: %v", err)
	}
	p, err := LoadPodium(write(t, dir, "podium.yaml", ""))
	if err != nil {
		t.Fatalf("the token: %v", err)
	}
	if token, loose, err := ReadTokenFile(p.TokenFile); token == "" || err != nil || !strings.Contains(loose, "chmod 600 "+p.TokenFile) {
		t.Errorf("the token: %q, %q, %v", token, loose, err)
	}
	if err := os.Chmod(p.TokenFile, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, loose, err := ReadTokenFile(p.TokenFile); loose != "" || err != nil {
		t.Errorf("after chmod 600: %q, %v", loose, err)
	}
	t.Setenv("CREDENTIALS_DIRECTORY", dir)
	if _, err := LoadStage(write(t, dir, "stage.yaml", "")); err != nil {
		t.Errorf("a credential: %v", err)
	}
}
