package trust

import (
	"crypto/x509"
	"encoding/pem"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"podium/internal/fingerprint"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// place is where a stage keeps its certificate.
type place struct {
	t         *testing.T
	cert, key string
}

func newPlace(t *testing.T) place {
	dir := t.TempDir()
	return place{t, filepath.Join(dir, "stage.tls.crt"), filepath.Join(dir, "stage.tls.key")}
}

// make is Make for these names, and gives the certificate that is there then.
func (p place) make(now time.Time, names ...string) (made bool, cert *x509.Certificate) {
	p.t.Helper()
	made, err := Make(p.cert, p.key, Names{Needed: names}, now)
	if err != nil {
		p.t.Fatal(err)
	}
	return made, p.read()
}

func (p place) read() *x509.Certificate {
	p.t.Helper()
	block, _ := pem.Decode(p.load(p.cert))
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		p.t.Fatal(err)
	}
	return cert
}

func (p place) load(path string) []byte {
	p.t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		p.t.Fatal(err)
	}
	return data
}

func (p place) save(path, text string, mode fs.FileMode) {
	p.t.Helper()
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		p.t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		p.t.Fatal(err)
	}
}

func (p place) open() *Files {
	p.t.Helper()
	f, err := Open(p.cert, p.key, slog.New(slog.DiscardHandler))
	if err != nil {
		p.t.Fatal(err)
	}
	return f
}

// What a certificate is made anew for, and that its key stays the same.
func TestMakeKeepsTheKey(t *testing.T) {
	now := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	p := newPlace(t)
	made, first := p.make(now, "stage.example", "192.0.2.1", "2001:db8::1")
	if !made || first.IsCA || first.KeyUsage != x509.KeyUsageDigitalSignature {
		t.Errorf("made %t: %+v", made, first)
	}
	for _, row := range []struct {
		what  string
		at    time.Time
		names []string
		spoil string // what stands in the certificate's file; "": what was made
		made  bool
	}{
		{"nothing has changed", now, []string{"stage.example", "192.0.2.1", "2001:db8::1"}, "", false},
		{"a name less", now, []string{"stage.example"}, "", false},
		{"nine years later", now.AddDate(8, 11, 0), []string{"stage.example"}, "", false},
		{"a name more", now, []string{"stage.example", "hall.example"}, "", true},
		{"an address more", now, []string{"192.0.2.1", "192.0.2.2"}, "", true},
		{"in its last year", now.AddDate(9, 1, 0), []string{"192.0.2.2"}, "", true},
		{"made by a clock that was ahead", now, []string{"192.0.2.2"}, "", true},
		{"damaged", now, []string{"192.0.2.2"}, "-----BEGIN", true},
		{"of another key", now, []string{"192.0.2.2"}, string(otherCertificate(t)), true},
	} {
		if row.spoil != "" {
			p.save(p.cert, row.spoil, 0o644)
		}
		made, cert := p.make(row.at, row.names...)
		if made != row.made || fingerprint.Of(cert) != fingerprint.Of(first) {
			t.Errorf("%s: made %t, want %t; key %s, want %s", row.what, made, row.made, fingerprint.Of(cert), fingerprint.Of(first))
		}
		for _, name := range row.names {
			if err := cert.VerifyHostname(name); err != nil {
				t.Errorf("%s: %v", row.what, err)
			}
		}
	}
}

func otherCertificate(t *testing.T) []byte {
	p := newPlace(t)
	p.make(time.Now(), "192.0.2.2")
	return p.load(p.cert)
}

// Only its owner can read the key, whatever the umask says.
func TestMadeFilesHaveTheirRights(t *testing.T) {
	defer syscall.Umask(syscall.Umask(0))
	p := newPlace(t)
	p.make(time.Now(), "stage.example")
	for path, want := range map[string]fs.FileMode{p.key: 0o600, p.cert: 0o644} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v; want %04o", path, info.Mode(), err, want)
		}
	}
}

func TestMakeSaysWhatIsInTheWay(t *testing.T) {
	p := newPlace(t)
	p.make(time.Now(), "stage.example")
	good := string(p.load(p.key))
	for _, row := range []struct {
		key  string
		mode fs.FileMode
		says string
	}{
		{good, 0o644, "cannot use the key " + p.key + ": others can get at it (its mode is 0644); take that from them: chmod 600 " + p.key},
		{"no key", 0o600, "it is no private key in PEM"},
		{string(p.load(p.cert)), 0o600, "move it away to have a new one made, whose fingerprint every podium then has to be given"},
	} {
		p.save(p.key, row.key, row.mode)
		_, err := Make(p.cert, p.key, Names{}, time.Now())
		if err == nil || !strings.Contains(err.Error(), row.says) || strings.Contains(err.Error(), "BEGIN") {
			t.Errorf("%v, want %q", err, row.says)
		}
	}
	gone := filepath.Join(filepath.Dir(p.key), "gone", "key")
	if _, err := Make(p.cert, gone, Names{}, time.Now()); err == nil || !strings.Contains(err.Error(), "there is no folder") {
		t.Errorf("without a folder: %v", err)
	}
}

// A certificate of all names that this machine has can be made.
func TestNamesOfThisMachine(t *testing.T) {
	names := NamesOf("Hall.Example.", "", "0.0.0.0", "::", "hall.example", "not a name", "192.0.2.7")
	for _, want := range []string{"localhost", "127.0.0.1", "::1", "hall.example", "192.0.2.7"} {
		if !slices.Contains(names.Needed, want) {
			t.Errorf("%s is missing in %v", want, names.Needed)
		}
	}
	for _, never := range []string{"", "0.0.0.0", "::", "not a name"} {
		if slices.Contains(names.Needed, never) {
			t.Errorf("%q is in %v", never, names.Needed)
		}
	}
	if twice := slices.Compact(slices.Sorted(slices.Values(names.Needed))); len(twice) != len(names.Needed) {
		t.Errorf("a name stands twice in %v", names.Needed)
	}
	p := newPlace(t)
	if _, err := Make(p.cert, p.key, names, time.Now()); err != nil {
		t.Fatal(err)
	}
	if made, err := Make(p.cert, p.key, names, time.Now()); made || err != nil {
		t.Errorf("the same names: made %t, %v", made, err)
	}
}
